//! Clean-up that answers an error of its own kind.

use std::{error, fmt};

use aplomb::prelude::*;

#[derive(Debug)]
struct OwnerError(String);

impl fmt::Display for OwnerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl error::Error for OwnerError {}

#[dependency]
async fn get_username(give: Yield<&'static str>) -> Result<()> {
    let (_, outcome) = give.lend("Rick").await;
    let raised = outcome.error().and_then(|error| error.downcast_ref());
    match raised {
        Some(OwnerError(username)) => {
            Err(HttpException::bad_request(format!("Owner error: {username}")).into())
        }
        None => Ok(()),
    }
}

#[get("/items/{item_id}")]
async fn get_item(item_id: String, username: Depends<get_username>) -> Result<Value> {
    let (description, owner) = match &*item_id {
        "plumbus" => ("Freshly pickled plumbus", "Morty"),
        "portal-gun" => ("Gun to create portals", "Rick"),
        _ => return Err(HttpException::not_found("Item not found").into()),
    };
    if owner != *username {
        return Err(OwnerError((*username).to_owned()).into());
    }
    Ok(json!({"description": description, "owner": owner}))
}

pub fn app() -> App {
    App::new().routes(routes![get_item])
}
