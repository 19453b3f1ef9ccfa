use aplomb::prelude::*;

#[route("/items")]
async fn none() -> String {
    String::new()
}

#[route("/items", methods = [])]
async fn empty() -> String {
    String::new()
}

#[route("/items", methods = ["GTE", "get", "POST", "POST", FETCH])]
async fn unknown() -> String {
    String::new()
}

fn main() {}
