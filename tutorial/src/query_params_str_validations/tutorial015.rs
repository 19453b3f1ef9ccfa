//! A check of one's own on a query parameter.

use aplomb::prelude::*;

const DATA: [(&str, &str); 3] = [
    ("isbn-9781529046137", "The Hitchhiker's Guide to the Galaxy"),
    ("imdb-tt0371724", "The Hitchhiker's Guide to the Galaxy"),
    (
        "isbn-9781439512982",
        "Isaac Asimov: The Complete Stories, Vol. 2",
    ),
];

fn check_valid_id(id: &str) -> Result<(), &'static str> {
    if id.starts_with("isbn-") || id.starts_with("imdb-") {
        Ok(())
    } else {
        Err(r#"Invalid ID format, it must start with "isbn-" or "imdb-""#)
    }
}

#[get("/items/")]
async fn read_items(#[query(validate = check_valid_id)] id: Option<String>) -> Value {
    let id = id.unwrap_or_else(|| DATA[fastrand::usize(..DATA.len())].0.to_owned());
    let name = DATA
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, name)| name);
    json!({"id": id, "name": name})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
