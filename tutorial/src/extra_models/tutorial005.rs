//! A map whose keys are not known beforehand.

use std::collections::BTreeMap;

use aplomb::prelude::*;

#[get("/keyword-weights/")]
async fn read_keyword_weights() -> BTreeMap<String, f64> {
    BTreeMap::from([("foo".to_owned(), 2.3), ("bar".to_owned(), 3.4)])
}

pub fn app() -> App {
    App::new().routes(routes![read_keyword_weights])
}
