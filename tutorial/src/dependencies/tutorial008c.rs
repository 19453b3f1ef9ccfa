//! Clean-up that looks at an error and says nothing: the error stays what it is.

use std::{error, fmt};

use aplomb::prelude::*;

#[derive(Debug)]
struct InternalError(String);

impl fmt::Display for InternalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl error::Error for InternalError {}

#[dependency]
async fn get_username(give: Yield<&'static str>) -> Result<()> {
    let (_, outcome) = give.lend("Rick").await;
    if outcome
        .error()
        .is_some_and(|error| error.downcast_ref::<InternalError>().is_some())
    {
        println!("the handler failed, and it stays so");
    }
    Ok(())
}

#[get("/items/{item_id}")]
async fn get_item(item_id: String, username: Depends<get_username>) -> Result<Value> {
    match &*item_id {
        "portal-gun" => Err(InternalError(format!(
            "The portal gun is too dangerous to be owned by {}",
            *username
        ))
        .into()),
        "plumbus" => Ok(json!(item_id)),
        _ => Err(HttpException::not_found("Item not found, there's only a plumbus here").into()),
    }
}

pub fn app() -> App {
    App::new().routes(routes![get_item])
}
