use aplomb::prelude::*;

use std::borrow::Cow;

#[get("/items")]
async fn read<'a>(q: Cow<'a, str>) -> String {
    q.into_owned()
}

fn main() {}
