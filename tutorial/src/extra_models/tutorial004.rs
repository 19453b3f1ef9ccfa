//! A list of models.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: String,
}

#[get("/items/")]
async fn read_items() -> Vec<Item> {
    [("Foo", "There comes my hero"), ("Red", "It's my aeroplane")]
        .map(|(name, description)| Item {
            name: name.to_owned(),
            description: description.to_owned(),
        })
        .into()
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
