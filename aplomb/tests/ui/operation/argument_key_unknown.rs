use aplomb::prelude::*;

#[get("/items")]
async fn read(
    #[query(aliass = "q")] q: String,
    #[query(regex = "^a")] text: String,
    #[query(embed)] other: String,
) -> String {
    q + &text + &other
}

fn main() {}
