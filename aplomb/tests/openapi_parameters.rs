//! Parameters in the document, against the documents recorded of FastAPI.

#[path = "openapi/recorded.rs"]
mod recorded;

use aplomb::prelude::*;
use recorded::assert_recorded;

mod path_of_an_enum {
    use super::*;

    #[derive(Model)]
    #[model(rename_all = "lowercase")]
    enum ModelName {
        Alexnet,
        Resnet,
        Lenet,
    }

    #[get("/models/{model_name}")]
    async fn get_model(model_name: ModelName) -> Value {
        let _ = model_name;
        json!(null)
    }

    #[test]
    fn is_a_reference() {
        assert_recorded(
            &App::new().routes(routes![get_model]),
            "path_params.tutorial005",
        );
    }
}

mod limits {
    use super::*;

    #[get("/items/{item_id}")]
    async fn read_items(
        #[path(title = "The ID of the item to get", ge = 0, le = 1000)] item_id: i64,
        q: String,
        #[query(gt = 0, lt = 10.5)] size: f64,
    ) -> Value {
        json!([item_id, q, size])
    }

    #[test]
    fn stand_in_the_schema() {
        let app = App::new().routes(routes![read_items]);
        assert_recorded(&app, "path_params_numeric_validations.tutorial006");
    }
}

mod defaults {
    use super::*;

    #[get("/items/{item_id}")]
    async fn read_user_item(
        item_id: String,
        needy: String,
        #[query(default = 0)] skip: i64,
        limit: Option<i64>,
    ) -> Value {
        json!([item_id, needy, skip, limit])
    }

    #[test]
    fn are_shown_unless_null() {
        let app = App::new().routes(routes![read_user_item]);
        assert_recorded(&app, "query_params.tutorial006");
    }
}

mod query {
    use super::*;

    #[get("/items/")]
    async fn read_items(
        #[query(
            alias = "item-query",
            title = "Query string",
            description = "Query string for the items to search in the database that have a good match",
            min_length = 3,
            max_length = 50,
            pattern = "^fixedquery$",
            deprecated
        )]
        q: Option<String>,
    ) -> Value {
        json!(q)
    }

    #[test]
    fn has_everything_said_of_it() {
        let app = App::new().routes(routes![read_items]);
        assert_recorded(&app, "query_params_str_validations.tutorial010");
    }

    mod list {
        use super::*;

        #[get("/items/")]
        async fn read_items(#[query] q: Option<Vec<String>>) -> Value {
            json!(q)
        }

        #[test]
        fn may_be_absent() {
            let app = App::new().routes(routes![read_items]);
            assert_recorded(&app, "query_params_str_validations.tutorial011");
        }
    }
}

mod groups {
    use super::*;

    #[derive(Model)]
    #[model(literal, rename_all = "snake_case")]
    enum Order {
        CreatedAt,
        UpdatedAt,
    }

    #[derive(Model)]
    struct FilterParams {
        #[field(default = 100, gt = 0, le = 100)]
        limit: i64,
        #[field(default = 0, ge = 0)]
        offset: i64,
        #[field(default = Order::CreatedAt)]
        order_by: Order,
        #[field(default)]
        tags: Vec<String>,
    }

    #[get("/items/")]
    async fn read_items(#[query] filter_query: FilterParams) -> Value {
        json!(filter_query.limit)
    }

    #[test]
    fn are_flattened() {
        let app = App::new().routes(routes![read_items]);
        assert_recorded(&app, "query_param_models.tutorial002");
    }

    #[derive(Model)]
    struct CommonHeaders {
        host: String,
        save_data: bool,
        if_modified_since: Option<String>,
        traceparent: Option<String>,
        #[field(default)]
        x_tag: Vec<String>,
    }

    mod undashed {
        use super::*;

        #[get("/items/")]
        async fn read_items(
            #[header(convert_underscores = false)] headers: CommonHeaders,
        ) -> Value {
            json!(headers.host)
        }

        #[test]
        fn headers_keep_their_underscores() {
            let app = App::new().routes(routes![read_items]);
            assert_recorded(&app, "header_param_models.tutorial003");
        }
    }

    mod dashed {
        use super::*;

        #[get("/items/")]
        async fn read_items(#[header] headers: CommonHeaders) -> Value {
            json!(headers.host)
        }

        #[test]
        fn headers_have_dashes_in_their_names_only() {
            let document = App::new().routes(routes![read_items]).openapi();
            let parameters = &document["paths"]["/items/"]["get"]["parameters"];
            assert_eq!(parameters[1]["name"], "save-data");
            assert_eq!(parameters[1]["schema"]["title"], "Save Data");
        }
    }

    #[get("/optional/")]
    async fn optional(#[cookie] cookies: Option<CommonHeaders>) -> Value {
        json!(cookies.is_some())
    }

    #[test]
    fn nothing_is_required_of_an_optional_group() {
        let document = App::new().routes(routes![optional]).openapi();
        let parameters = &document["paths"]["/optional/"]["get"]["parameters"];
        let parameters = parameters.as_array().expect("parameters");
        assert_eq!(parameters.len(), 5);
        assert!(parameters.iter().all(|one| one["required"] == false));
    }
}

mod elsewhere {
    use super::*;

    #[get("/items/")]
    async fn read_items(#[cookie] ads_id: Option<String>) -> Value {
        json!(ads_id)
    }

    #[test]
    fn cookies() {
        let app = App::new().routes(routes![read_items]);
        assert_recorded(&app, "cookie_params.tutorial001");
    }

    mod headers {
        use super::*;

        #[get("/items/")]
        async fn read_items(
            #[header(convert_underscores = false)] strange_header: Option<String>,
        ) -> Value {
            json!(strange_header)
        }

        #[test]
        fn keep_underscores_when_told() {
            let app = App::new().routes(routes![read_items]);
            assert_recorded(&app, "header_params.tutorial002");
        }
    }

    #[get("/hidden")]
    async fn hidden(#[query(include_in_schema = false)] secret: Option<i64>) -> Value {
        json!(secret)
    }

    #[test]
    fn hidden_ones_still_can_be_wrong() {
        let document = App::new().routes(routes![hidden]).openapi();
        let operation = &document["paths"]["/hidden"]["get"];
        assert!(operation["parameters"].is_null());
        assert!(!operation["responses"]["422"].is_null());
    }
}

mod path_that_may_be_null {
    use super::*;

    #[get("/users/{user_id}")]
    async fn read_user(user_id: Option<String>) -> Value {
        json!(user_id)
    }

    #[test]
    fn is_required_all_the_same() {
        let document = App::new().routes(routes![read_user]).openapi();
        let parameter = &document["paths"]["/users/{user_id}"]["get"]["parameters"][0];
        assert_eq!(parameter["required"], true);
    }
}
