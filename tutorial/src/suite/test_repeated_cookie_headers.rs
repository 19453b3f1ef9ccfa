//! A cookie set once, however many take the dependency.

use aplomb::prelude::*;

#[dependency]
fn set_cookie(response: ResponseParts) -> Value {
    response.set_cookie(&Cookie::new("cookie-name", "cookie-value"));
    json!({})
}

#[dependency]
fn set_indirect_cookie(dep: Depends<set_cookie>) -> Value {
    Value::clone(&dep)
}

#[get("/directCookie")]
async fn get_direct_cookie(dep: Depends<set_cookie>) -> Value {
    json!({"dep": *dep})
}

#[get("/indirectCookie")]
async fn get_indirect_cookie(dep: Depends<set_indirect_cookie>) -> Value {
    json!({"dep": *dep})
}

pub fn app() -> App {
    App::new().routes(routes![get_direct_cookie, get_indirect_cookie])
}
