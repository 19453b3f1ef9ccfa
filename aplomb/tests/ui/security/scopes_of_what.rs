use aplomb::prelude::*;

#[dependency]
async fn user() -> String {
    String::new()
}

#[get("/a")]
async fn not_a_dependency(#[security(scopes("items"))] user: String) -> String {
    user
}

#[get("/b")]
async fn not_a_text(#[security(scopes(7))] user: Depends<user>) -> String {
    user.to_string()
}

fn main() {}
