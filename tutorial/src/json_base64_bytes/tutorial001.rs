//! Bytes that JSON carries as Base64, in and out.

use aplomb::model::JsonBase64;
use aplomb::prelude::*;

#[derive(Model)]
struct DataInput {
    description: String,
    data: JsonBase64,
}

#[derive(Model)]
struct DataOutput {
    description: String,
    data: JsonBase64,
}

#[derive(Model)]
struct DataInputOutput {
    description: String,
    data: JsonBase64,
}

#[post("/data")]
fn post_data(body: DataInput) -> Result<Value> {
    let content = str::from_utf8(&body.data)?;
    Ok(json!({"description": body.description, "content": content}))
}

#[get("/data")]
fn get_data() -> DataOutput {
    DataOutput {
        description: "A plumbus".to_owned(),
        data: b"hello".to_vec().into(),
    }
}

#[post("/data-in-out")]
fn post_data_in_out(body: DataInputOutput) -> DataInputOutput {
    body
}

pub fn app() -> App {
    App::new().routes(routes![post_data, get_data, post_data_in_out])
}
