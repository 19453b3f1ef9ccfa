use aplomb::prelude::*;

#[dependency]
async fn user() -> String {
    String::new()
}

#[get("/a")]
async fn no_list(#[security] user: Depends<user>) -> String {
    user.to_string()
}

#[get("/b")]
async fn none(#[security(scopes())] user: Depends<user>) -> String {
    user.to_string()
}

#[get("/c")]
async fn misspelt(#[security(scope("items"))] user: Depends<user>) -> String {
    user.to_string()
}

#[get("/d")]
async fn elsewhere(#[depends(scopes("items"))] user: Depends<user>) -> String {
    user.to_string()
}

#[get("/e")]
async fn placed(#[query] #[security(scopes("items"))] user: String) -> String {
    user
}

#[get("/f", dependencies(security(user)))]
async fn listed() {}

#[get("/g", dependencies(security(user, scopes())))]
async fn listed_without() {}

fn main() {}
