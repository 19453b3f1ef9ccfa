//! Lists and sets of a form.

use std::collections::BTreeSet;

use aplomb::prelude::*;

#[post("/form/python-list")]
async fn post_form_param_list(#[form] items: Vec<Value>) -> Value {
    json!(items)
}

#[post("/form/python-set")]
async fn post_form_param_set(#[form] items: BTreeSet<String>) -> Value {
    json!(items)
}

#[post("/form/python-tuple")]
async fn post_form_param_tuple(#[form] items: Vec<Value>) -> Value {
    json!(items)
}

pub fn app() -> App {
    App::new().routes(routes![
        post_form_param_list,
        post_form_param_set,
        post_form_param_tuple
    ])
}
