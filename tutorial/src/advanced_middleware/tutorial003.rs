use aplomb::middleware::Gzip;
use aplomb::prelude::*;

#[get("/")]
async fn main() -> &'static str {
    "somebigcontent"
}

pub fn app() -> App {
    App::new()
        .routes(routes![main])
        .middleware(Gzip::new().minimum_size(1000).compress_level(5))
}
