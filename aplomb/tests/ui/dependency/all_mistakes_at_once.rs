use aplomb::prelude::*;

#[dependency(scope = "never")]
async fn session<T>(name: &str, #[query(gee = 1)] size: u8, #[query] #[header] token: String) -> T {
    unimplemented!()
}

#[get("/")]
async fn items(session: Depends<session>) -> u8 {
    1
}

fn main() {}
