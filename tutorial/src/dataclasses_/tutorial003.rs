//! Types within types, both ways.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
}

#[derive(Model)]
struct Author {
    name: String,
    #[field(default_with = Vec::new)]
    items: Vec<Item>,
}

#[post("/authors/{author_id}/items/")]
async fn create_author_items(author_id: String, items: Vec<Item>) -> Author {
    Author {
        name: author_id,
        items,
    }
}

#[get("/authors/")]
fn get_authors() -> Vec<Author> {
    let item = |name: &str, description: Option<&str>| Item {
        name: name.to_owned(),
        description: description.map(str::to_owned),
    };
    vec![
        Author {
            name: "Breaters".to_owned(),
            items: vec![
                item(
                    "Island In The Moon",
                    Some("A place to be playin' and havin' fun"),
                ),
                item("Holy Buddies", None),
            ],
        },
        Author {
            name: "System of an Up".to_owned(),
            items: vec![
                item("Salt", Some("The kombucha mushroom people's favorite")),
                item("Pad Thai", None),
                item(
                    "Lonely Night",
                    Some("The mostests lonliest nightiest of allest"),
                ),
            ],
        },
    ]
}

pub fn app() -> App {
    App::new().routes(routes![create_author_items, get_authors])
}
