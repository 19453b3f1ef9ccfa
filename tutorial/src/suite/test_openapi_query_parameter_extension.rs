//! Further parameters of the document.

use aplomb::prelude::*;

#[get(
    "/",
    openapi_extra = {
        "parameters": [
            {
                "required": false,
                "schema": {"title": "Extra Param 1"},
                "name": "extra_param_1",
                "in": "query",
            },
            {
                "required": true,
                "schema": {"title": "Extra Param 2"},
                "name": "extra_param_2",
                "in": "query",
            },
        ],
    },
)]
async fn route_with_extra_query_parameters(
    #[query(default = 50)] standard_query_param: Option<i64>,
) -> Value {
    let _ = standard_query_param;
    json!({})
}

pub fn app() -> App {
    App::new().routes(routes![route_with_extra_query_parameters])
}
