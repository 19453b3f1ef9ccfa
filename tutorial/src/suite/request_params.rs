//! Parameters, bodies and forms of one text or list under every alias, alone and in a model.

use crate::apps::MakeApp;

/// Pairs of operations: a parameter, and a model of one.
macro_rules! parameters {
    ($method:ident $place:ident $type:ty;
     $($path:literal $name:ident [$($keys:tt)*],
       $model_path:literal $model_name:ident $model:ident [$($field:tt)*];)*) => {
        $(
            #[$method($path)]
            async fn $name(#[$place($($keys)*)] p: $type) -> Value {
                json!({"p": p})
            }

            #[derive(Model)]
            struct $model {
                #[field($($field)*)]
                p: $type,
            }

            #[$method($model_path)]
            async fn $model_name(#[$place] p: $model) -> Value {
                json!({"p": p.p})
            }
        )*

        pub fn app() -> App {
            App::new()$(.routes(routes![$name, $model_name]))*
        }
    };
}

/// The same with operation ids.
macro_rules! bodies {
    ($method:ident $place:ident $type:ty;
     $($path:literal $id:literal $name:ident [$($keys:tt)*],
       $model_path:literal $model_id:literal $model_name:ident $model:ident [$($field:tt)*];)*) => {
        $(
            #[$method($path, operation_id = $id)]
            async fn $name(#[$place($($keys)*)] p: $type) -> Value {
                json!({"p": p})
            }

            #[derive(Model)]
            struct $model {
                #[field($($field)*)]
                p: $type,
            }

            #[$method($model_path, operation_id = $model_id)]
            async fn $model_name(#[$place] p: $model) -> Value {
                json!({"p": p.p})
            }
        )*

        pub fn app() -> App {
            App::new()$(.routes(routes![$name, $model_name]))*
        }
    };
}

/// FastAPI's `test_request_params/test_query/test_required_str.py`.
pub mod query_required_str {
    use aplomb::prelude::*;

    parameters! {
        get query String;
        "/required-str" read_required_str [],
        "/model-required-str" read_model_required_str QueryModelRequiredStr [];
        "/required-alias" read_required_alias [alias = "p_alias"],
        "/model-required-alias" read_model_required_alias QueryModelRequiredAlias [alias = "p_alias"];
        "/required-validation-alias" read_required_validation_alias [alias = "p_val_alias"],
        "/model-required-validation-alias" read_model_required_validation_alias QueryModelRequiredValidationAlias [validation_alias = "p_val_alias"];
        "/required-alias-and-validation-alias" read_required_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-alias-and-validation-alias" read_model_required_alias_and_validation_alias QueryModelRequiredAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_query/test_optional_str.py`.
pub mod query_optional_str {
    use aplomb::prelude::*;

    parameters! {
        get query Option<String>;
        "/optional-str" read_optional_str [],
        "/model-optional-str" read_model_optional_str QueryModelOptionalStr [];
        "/optional-alias" read_optional_alias [alias = "p_alias"],
        "/model-optional-alias" read_model_optional_alias QueryModelOptionalAlias [alias = "p_alias"];
        "/optional-validation-alias" read_optional_validation_alias [alias = "p_val_alias"],
        "/model-optional-validation-alias" read_model_optional_validation_alias QueryModelOptionalValidationAlias [validation_alias = "p_val_alias"];
        "/optional-alias-and-validation-alias" read_optional_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-alias-and-validation-alias" read_model_optional_alias_and_validation_alias QueryModelOptionalAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_query/test_list.py`.
pub mod query_required_list {
    use aplomb::prelude::*;

    parameters! {
        get query Vec<String>;
        "/required-list-str" read_required_list_str [],
        "/model-required-list-str" read_model_required_list_str QueryModelRequiredListStr [];
        "/required-list-alias" read_required_list_alias [alias = "p_alias"],
        "/model-required-list-alias" read_model_required_list_alias QueryModelRequiredListAlias [alias = "p_alias"];
        "/required-list-validation-alias" read_required_list_validation_alias [alias = "p_val_alias"],
        "/model-required-list-validation-alias" read_model_required_list_validation_alias QueryModelRequiredListValidationAlias [validation_alias = "p_val_alias"];
        "/required-list-alias-and-validation-alias" read_required_list_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-list-alias-and-validation-alias" read_model_required_list_alias_and_validation_alias QueryModelRequiredListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_query/test_optional_list.py`.
pub mod query_optional_list {
    use aplomb::prelude::*;

    parameters! {
        get query Option<Vec<String>>;
        "/optional-list-str" read_optional_list_str [],
        "/model-optional-list-str" read_model_optional_list_str QueryModelOptionalListStr [];
        "/optional-list-alias" read_optional_list_alias [alias = "p_alias"],
        "/model-optional-list-alias" read_model_optional_list_alias QueryModelOptionalListAlias [alias = "p_alias"];
        "/optional-list-validation-alias" read_optional_list_validation_alias [alias = "p_val_alias"],
        "/model-optional-list-validation-alias" read_model_optional_list_validation_alias QueryModelOptionalListValidationAlias [validation_alias = "p_val_alias"];
        "/optional-list-alias-and-validation-alias" read_optional_list_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-list-alias-and-validation-alias" read_model_optional_list_alias_and_validation_alias QueryModelOptionalListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_header/test_required_str.py`.
pub mod header_required_str {
    use aplomb::prelude::*;

    parameters! {
        get header String;
        "/required-str" read_required_str [],
        "/model-required-str" read_model_required_str HeaderModelRequiredStr [];
        "/required-alias" read_required_alias [alias = "p_alias"],
        "/model-required-alias" read_model_required_alias HeaderModelRequiredAlias [alias = "p_alias"];
        "/required-validation-alias" read_required_validation_alias [alias = "p_val_alias"],
        "/model-required-validation-alias" read_model_required_validation_alias HeaderModelRequiredValidationAlias [validation_alias = "p_val_alias"];
        "/required-alias-and-validation-alias" read_required_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-alias-and-validation-alias" read_model_required_alias_and_validation_alias HeaderModelRequiredAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_header/test_optional_str.py`.
pub mod header_optional_str {
    use aplomb::prelude::*;

    parameters! {
        get header Option<String>;
        "/optional-str" read_optional_str [],
        "/model-optional-str" read_model_optional_str HeaderModelOptionalStr [];
        "/optional-alias" read_optional_alias [alias = "p_alias"],
        "/model-optional-alias" read_model_optional_alias HeaderModelOptionalAlias [alias = "p_alias"];
        "/optional-validation-alias" read_optional_validation_alias [alias = "p_val_alias"],
        "/model-optional-validation-alias" read_model_optional_validation_alias HeaderModelOptionalValidationAlias [validation_alias = "p_val_alias"];
        "/optional-alias-and-validation-alias" read_optional_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-alias-and-validation-alias" read_model_optional_alias_and_validation_alias HeaderModelOptionalAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_header/test_list.py`.
pub mod header_required_list {
    use aplomb::prelude::*;

    parameters! {
        get header Vec<String>;
        "/required-list-str" read_required_list_str [],
        "/model-required-list-str" read_model_required_list_str HeaderModelRequiredListStr [];
        "/required-list-alias" read_required_list_alias [alias = "p_alias"],
        "/model-required-list-alias" read_model_required_list_alias HeaderModelRequiredListAlias [alias = "p_alias"];
        "/required-list-validation-alias" read_required_list_validation_alias [alias = "p_val_alias"],
        "/model-required-list-validation-alias" read_model_required_list_validation_alias HeaderModelRequiredListValidationAlias [validation_alias = "p_val_alias"];
        "/required-list-alias-and-validation-alias" read_required_list_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-list-alias-and-validation-alias" read_model_required_list_alias_and_validation_alias HeaderModelRequiredListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_header/test_optional_list.py`.
pub mod header_optional_list {
    use aplomb::prelude::*;

    parameters! {
        get header Option<Vec<String>>;
        "/optional-list-str" read_optional_list_str [],
        "/model-optional-list-str" read_model_optional_list_str HeaderModelOptionalListStr [];
        "/optional-list-alias" read_optional_list_alias [alias = "p_alias"],
        "/model-optional-list-alias" read_model_optional_list_alias HeaderModelOptionalListAlias [alias = "p_alias"];
        "/optional-list-validation-alias" read_optional_list_validation_alias [alias = "p_val_alias"],
        "/model-optional-list-validation-alias" read_model_optional_list_validation_alias HeaderModelOptionalListValidationAlias [validation_alias = "p_val_alias"];
        "/optional-list-alias-and-validation-alias" read_optional_list_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-list-alias-and-validation-alias" read_model_optional_list_alias_and_validation_alias HeaderModelOptionalListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_cookie/test_required_str.py`.
pub mod cookie_required_str {
    use aplomb::prelude::*;

    parameters! {
        get cookie String;
        "/required-str" read_required_str [],
        "/model-required-str" read_model_required_str CookieModelRequiredStr [];
        "/required-alias" read_required_alias [alias = "p_alias"],
        "/model-required-alias" read_model_required_alias CookieModelRequiredAlias [alias = "p_alias"];
        "/required-validation-alias" read_required_validation_alias [alias = "p_val_alias"],
        "/model-required-validation-alias" read_model_required_validation_alias CookieModelRequiredValidationAlias [validation_alias = "p_val_alias"];
        "/required-alias-and-validation-alias" read_required_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-alias-and-validation-alias" read_model_required_alias_and_validation_alias CookieModelRequiredAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_cookie/test_optional_str.py`.
pub mod cookie_optional_str {
    use aplomb::prelude::*;

    parameters! {
        get cookie Option<String>;
        "/optional-str" read_optional_str [],
        "/model-optional-str" read_model_optional_str CookieModelOptionalStr [];
        "/optional-alias" read_optional_alias [alias = "p_alias"],
        "/model-optional-alias" read_model_optional_alias CookieModelOptionalAlias [alias = "p_alias"];
        "/optional-validation-alias" read_optional_validation_alias [alias = "p_val_alias"],
        "/model-optional-validation-alias" read_model_optional_validation_alias CookieModelOptionalValidationAlias [validation_alias = "p_val_alias"];
        "/optional-alias-and-validation-alias" read_optional_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-alias-and-validation-alias" read_model_optional_alias_and_validation_alias CookieModelOptionalAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_form/test_required_str.py`.
pub mod form_required_str {
    use aplomb::prelude::*;

    bodies! {
        post form String;
        "/required-str" "required_str" read_required_str [],
        "/model-required-str" "model_required_str" read_model_required_str FormModelRequiredStr [];
        "/required-alias" "required_alias" read_required_alias [alias = "p_alias"],
        "/model-required-alias" "model_required_alias" read_model_required_alias FormModelRequiredAlias [alias = "p_alias"];
        "/required-validation-alias" "required_validation_alias" read_required_validation_alias [alias = "p_val_alias"],
        "/model-required-validation-alias" "model_required_validation_alias" read_model_required_validation_alias FormModelRequiredValidationAlias [validation_alias = "p_val_alias"];
        "/required-alias-and-validation-alias" "required_alias_and_validation_alias" read_required_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-alias-and-validation-alias" "model_required_alias_and_validation_alias" read_model_required_alias_and_validation_alias FormModelRequiredAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_form/test_optional_str.py`.
pub mod form_optional_str {
    use aplomb::prelude::*;

    bodies! {
        post form Option<String>;
        "/optional-str" "optional_str" read_optional_str [],
        "/model-optional-str" "model_optional_str" read_model_optional_str FormModelOptionalStr [];
        "/optional-alias" "optional_alias" read_optional_alias [alias = "p_alias"],
        "/model-optional-alias" "model_optional_alias" read_model_optional_alias FormModelOptionalAlias [alias = "p_alias"];
        "/optional-validation-alias" "optional_validation_alias" read_optional_validation_alias [alias = "p_val_alias"],
        "/model-optional-validation-alias" "model_optional_validation_alias" read_model_optional_validation_alias FormModelOptionalValidationAlias [validation_alias = "p_val_alias"];
        "/optional-alias-and-validation-alias" "optional_alias_and_validation_alias" read_optional_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-alias-and-validation-alias" "model_optional_alias_and_validation_alias" read_model_optional_alias_and_validation_alias FormModelOptionalAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_form/test_list.py`.
pub mod form_required_list {
    use aplomb::prelude::*;

    bodies! {
        post form Vec<String>;
        "/required-list-str" "required_list_str" read_required_list_str [],
        "/model-required-list-str" "model_required_list_str" read_model_required_list_str FormModelRequiredListStr [];
        "/required-list-alias" "required_list_alias" read_required_list_alias [alias = "p_alias"],
        "/model-required-list-alias" "model_required_list_alias" read_model_required_list_alias FormModelRequiredListAlias [alias = "p_alias"];
        "/required-list-validation-alias" "required_list_validation_alias" read_required_list_validation_alias [alias = "p_val_alias"],
        "/model-required-list-validation-alias" "model_required_list_validation_alias" read_model_required_list_validation_alias FormModelRequiredListValidationAlias [validation_alias = "p_val_alias"];
        "/required-list-alias-and-validation-alias" "required_list_alias_and_validation_alias" read_required_list_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-required-list-alias-and-validation-alias" "model_required_list_alias_and_validation_alias" read_model_required_list_alias_and_validation_alias FormModelRequiredListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_form/test_optional_list.py`.
pub mod form_optional_list {
    use aplomb::prelude::*;

    bodies! {
        post form Option<Vec<String>>;
        "/optional-list-str" "optional_list_str" read_optional_list_str [],
        "/model-optional-list-str" "model_optional_list_str" read_model_optional_list_str FormModelOptionalListStr [];
        "/optional-list-alias" "optional_list_alias" read_optional_list_alias [alias = "p_alias"],
        "/model-optional-list-alias" "model_optional_list_alias" read_model_optional_list_alias FormModelOptionalListAlias [alias = "p_alias"];
        "/optional-list-validation-alias" "optional_list_validation_alias" read_optional_list_validation_alias [alias = "p_val_alias"],
        "/model-optional-list-validation-alias" "model_optional_list_validation_alias" read_model_optional_list_validation_alias FormModelOptionalListValidationAlias [validation_alias = "p_val_alias"];
        "/optional-list-alias-and-validation-alias" "optional_list_alias_and_validation_alias" read_optional_list_alias_and_validation_alias [alias = "p_val_alias"],
        "/model-optional-list-alias-and-validation-alias" "model_optional_list_alias_and_validation_alias" read_model_optional_list_alias_and_validation_alias FormModelOptionalListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_body/test_required_str.py`.
pub mod body_required_str {
    use aplomb::prelude::*;

    bodies! {
        post body String;
        "/required-str" "required_str" read_required_str [embed],
        "/model-required-str" "model_required_str" read_model_required_str BodyModelRequiredStr [];
        "/required-alias" "required_alias" read_required_alias [embed, alias = "p_alias"],
        "/model-required-alias" "model_required_alias" read_model_required_alias BodyModelRequiredAlias [alias = "p_alias"];
        "/required-validation-alias" "required_validation_alias" read_required_validation_alias [embed, alias = "p_val_alias"],
        "/model-required-validation-alias" "model_required_validation_alias" read_model_required_validation_alias BodyModelRequiredValidationAlias [validation_alias = "p_val_alias"];
        "/required-alias-and-validation-alias" "required_alias_and_validation_alias" read_required_alias_and_validation_alias [embed, alias = "p_val_alias"],
        "/model-required-alias-and-validation-alias" "model_required_alias_and_validation_alias" read_model_required_alias_and_validation_alias BodyModelRequiredAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_body/test_optional_str.py`.
pub mod body_optional_str {
    use aplomb::prelude::*;

    bodies! {
        post body Option<String>;
        "/optional-str" "optional_str" read_optional_str [embed],
        "/model-optional-str" "model_optional_str" read_model_optional_str BodyModelOptionalStr [];
        "/optional-alias" "optional_alias" read_optional_alias [embed, alias = "p_alias"],
        "/model-optional-alias" "model_optional_alias" read_model_optional_alias BodyModelOptionalAlias [alias = "p_alias"];
        "/optional-validation-alias" "optional_validation_alias" read_optional_validation_alias [embed, alias = "p_val_alias"],
        "/model-optional-validation-alias" "model_optional_validation_alias" read_model_optional_validation_alias BodyModelOptionalValidationAlias [validation_alias = "p_val_alias"];
        "/optional-alias-and-validation-alias" "optional_alias_and_validation_alias" read_optional_alias_and_validation_alias [embed, alias = "p_val_alias"],
        "/model-optional-alias-and-validation-alias" "model_optional_alias_and_validation_alias" read_model_optional_alias_and_validation_alias BodyModelOptionalAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_body/test_list.py`.
pub mod body_required_list {
    use aplomb::prelude::*;

    bodies! {
        post body Vec<String>;
        "/required-list-str" "required_list_str" read_required_list_str [embed],
        "/model-required-list-str" "model_required_list_str" read_model_required_list_str BodyModelRequiredListStr [];
        "/required-list-alias" "required_list_alias" read_required_list_alias [embed, alias = "p_alias"],
        "/model-required-list-alias" "model_required_list_alias" read_model_required_list_alias BodyModelRequiredListAlias [alias = "p_alias"];
        "/required-list-validation-alias" "required_list_validation_alias" read_required_list_validation_alias [embed, alias = "p_val_alias"],
        "/model-required-list-validation-alias" "model_required_list_validation_alias" read_model_required_list_validation_alias BodyModelRequiredListValidationAlias [validation_alias = "p_val_alias"];
        "/required-list-alias-and-validation-alias" "required_list_alias_and_validation_alias" read_required_list_alias_and_validation_alias [embed, alias = "p_val_alias"],
        "/model-required-list-alias-and-validation-alias" "model_required_list_alias_and_validation_alias" read_model_required_list_alias_and_validation_alias BodyModelRequiredListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// FastAPI's `test_request_params/test_body/test_optional_list.py`.
pub mod body_optional_list {
    use aplomb::prelude::*;

    bodies! {
        post body Option<Vec<String>>;
        "/optional-list-str" "optional_list_str" read_optional_list_str [embed],
        "/model-optional-list-str" "model_optional_list_str" read_model_optional_list_str BodyModelOptionalListStr [];
        "/optional-list-alias" "optional_list_alias" read_optional_list_alias [embed, alias = "p_alias"],
        "/model-optional-list-alias" "model_optional_list_alias" read_model_optional_list_alias BodyModelOptionalListAlias [alias = "p_alias"];
        "/optional-list-validation-alias" "optional_list_validation_alias" read_optional_list_validation_alias [embed, alias = "p_val_alias"],
        "/model-optional-list-validation-alias" "model_optional_list_validation_alias" read_model_optional_list_validation_alias BodyModelOptionalListValidationAlias [validation_alias = "p_val_alias"];
        "/optional-list-alias-and-validation-alias" "optional_list_alias_and_validation_alias" read_optional_list_alias_and_validation_alias [embed, alias = "p_val_alias"],
        "/model-optional-list-alias-and-validation-alias" "model_optional_list_alias_and_validation_alias" read_model_optional_list_alias_and_validation_alias BodyModelOptionalListAliasAndValidationAlias [alias = "p_alias", validation_alias = "p_val_alias"];
    }
}

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("tests.test_request_params.test_query.test_required_str", query_required_str::app),
    ("tests.test_request_params.test_query.test_optional_str", query_optional_str::app),
    ("tests.test_request_params.test_query.test_list", query_required_list::app),
    ("tests.test_request_params.test_query.test_optional_list", query_optional_list::app),
    ("tests.test_request_params.test_header.test_required_str", header_required_str::app),
    ("tests.test_request_params.test_header.test_optional_str", header_optional_str::app),
    ("tests.test_request_params.test_header.test_list", header_required_list::app),
    ("tests.test_request_params.test_header.test_optional_list", header_optional_list::app),
    ("tests.test_request_params.test_cookie.test_required_str", cookie_required_str::app),
    ("tests.test_request_params.test_cookie.test_optional_str", cookie_optional_str::app),
    ("tests.test_request_params.test_form.test_required_str", form_required_str::app),
    ("tests.test_request_params.test_form.test_optional_str", form_optional_str::app),
    ("tests.test_request_params.test_form.test_list", form_required_list::app),
    ("tests.test_request_params.test_form.test_optional_list", form_optional_list::app),
    ("tests.test_request_params.test_body.test_required_str", body_required_str::app),
    ("tests.test_request_params.test_body.test_optional_str", body_optional_str::app),
    ("tests.test_request_params.test_body.test_list", body_required_list::app),
    ("tests.test_request_params.test_body.test_optional_list", body_optional_list::app),
];
