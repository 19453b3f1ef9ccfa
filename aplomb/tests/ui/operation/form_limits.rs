use aplomb::prelude::*;

#[post("/unknown", form_limits(max_parts = 5))]
async fn unknown(#[form] a: String) -> String {
    a
}

#[post("/list", form_limits = 5)]
async fn list(#[form] a: String) -> String {
    a
}

#[post("/type", max_body_size = "10 MB", form_limits(max_fields = -1))]
async fn wrong_type(#[form] a: String) -> String {
    a
}

fn main() {}
