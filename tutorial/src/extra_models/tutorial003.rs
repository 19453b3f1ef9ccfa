//! An answer that is one model or another.

use aplomb::prelude::*;

#[derive(Model)]
struct PlaneItem {
    description: String,
    #[field(default = "plane")]
    r#type: String,
    size: i64,
}

#[derive(Model)]
struct CarItem {
    description: String,
    #[field(default = "car")]
    r#type: String,
}

#[derive(Model)]
#[model(untagged)]
enum Item {
    Plane(PlaneItem),
    Car(CarItem),
}

#[get("/items/{item_id}")]
async fn read_item(item_id: String) -> Result<Item> {
    match &*item_id {
        "item1" => Ok(Item::Car(CarItem {
            description: "All my friends drive a low rider".to_owned(),
            r#type: "car".to_owned(),
        })),
        "item2" => Ok(Item::Plane(PlaneItem {
            description: "Music is my aeroplane, it's my aeroplane".to_owned(),
            r#type: "plane".to_owned(),
            size: 5,
        })),
        _ => Err(HttpException::status_only(404).into()),
    }
}

pub fn app() -> App {
    App::new().routes(routes![read_item])
}
