use aplomb::prelude::*;

struct Plain;

#[get("/plain", response_class = JsonArray)]
async fn plain() -> impl Iterator<Item = Plain> {
    std::iter::empty()
}

#[get("/streamed")]
async fn streamed() -> JsonArray<impl Stream<Item = Plain>> {
    JsonArray(futures_util::stream::empty())
}

fn main() {}
