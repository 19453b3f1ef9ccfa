//! What a webhook and a callback need.

use aplomb::post;

#[post("", webhook)]
async fn nameless() {}

#[post("new-order", webhook = false)]
async fn switched_off() {}

#[post("new-order")]
async fn forgotten() {}

async fn plain() {}

#[post("/orders", callbacks(plain))]
async fn create_order() {}

#[post("/orders", callbacks = plain)]
async fn no_list() {}

fn main() {}
