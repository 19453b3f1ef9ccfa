//! Models within models within models.

use aplomb::model::HttpUrl;
use aplomb::prelude::*;
use indexmap::IndexSet;

#[derive(Model)]
struct Image {
    url: HttpUrl,
    name: String,
}

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: IndexSet<String>,
    images: Option<Vec<Image>>,
}

#[derive(Model)]
struct Offer {
    name: String,
    description: Option<String>,
    price: f64,
    items: Vec<Item>,
}

#[post("/offers/")]
async fn create_offer(offer: Offer) -> Value {
    json!(offer)
}

pub fn app() -> App {
    App::new().routes(routes![create_offer])
}
