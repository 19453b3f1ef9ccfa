//! A struct as a dependency under a shorter name, with what it knows how to do.

use aplomb::prelude::*;

const FAKE_ITEMS_DB: [&str; 3] = ["Foo", "Bar", "Baz"];

#[dependency]
struct CommonQueryParams {
    q: Option<String>,
    #[query(default = 0)]
    skip: i64,
    #[query(default = 100)]
    limit: i64,
}

type Commons = Depends<CommonQueryParams>;

impl CommonQueryParams {
    fn page(&self) -> Value {
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        let items = FAKE_ITEMS_DB.iter().skip(count(self.skip));
        let items = items.take(count(self.limit));
        items.map(|name| json!({"item_name": name})).collect()
    }
}

#[get("/items/")]
async fn read_items(commons: Commons) -> Value {
    let mut response = json!({"items": commons.page()});
    if let Some(q) = commons.q.as_ref().filter(|q| !q.is_empty()) {
        response.insert("q", q.as_str());
    }
    response
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
