//! Clean-up before the response is sent.

use aplomb::prelude::*;

#[dependency(scope = "function")]
async fn get_username(give: Yield<&'static str>) -> Result<()> {
    give.lend("Rick").await;
    println!("clean-up before the response is sent");
    Ok(())
}

#[get("/users/me")]
async fn get_user_me(username: Depends<get_username>) -> Value {
    json!(*username)
}

pub fn app() -> App {
    App::new().routes(routes![get_user_me])
}
