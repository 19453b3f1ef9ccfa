//! The apps by the name the conformance run uses.

use aplomb::App;

use crate::{
    body, body_multiple_params, body_nested_models, body_updates, cookie_param_models,
    cookie_params, extra_data_types, first_steps, header_param_models, header_params, metadata,
    path_operation_configuration, path_params, path_params_numeric_validations, query_param_models,
    query_params, query_params_str_validations,
};

/// Makes an app, fresh for every use.
pub type MakeApp = fn() -> App;

/// Every app with its name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("body.tutorial001", body::tutorial001::app),
    ("body.tutorial002", body::tutorial002::app),
    ("body.tutorial003", body::tutorial003::app),
    ("body.tutorial004", body::tutorial004::app),
    ("body_multiple_params.tutorial001", body_multiple_params::tutorial001::app),
    ("body_multiple_params.tutorial002", body_multiple_params::tutorial002::app),
    ("body_multiple_params.tutorial003", body_multiple_params::tutorial003::app),
    ("body_multiple_params.tutorial004", body_multiple_params::tutorial004::app),
    ("body_nested_models.tutorial001", body_nested_models::tutorial001::app),
    ("body_nested_models.tutorial002", body_nested_models::tutorial002::app),
    ("body_nested_models.tutorial003", body_nested_models::tutorial003::app),
    ("body_nested_models.tutorial004", body_nested_models::tutorial004::app),
    ("body_nested_models.tutorial005", body_nested_models::tutorial005::app),
    ("body_nested_models.tutorial006", body_nested_models::tutorial006::app),
    ("body_nested_models.tutorial007", body_nested_models::tutorial007::app),
    ("body_nested_models.tutorial008", body_nested_models::tutorial008::app),
    ("body_nested_models.tutorial009", body_nested_models::tutorial009::app),
    ("body_updates.tutorial001", body_updates::tutorial001::app),
    ("body_updates.tutorial002", body_updates::tutorial002::app),
    ("cookie_param_models.tutorial001", cookie_param_models::tutorial001::app),
    ("cookie_param_models.tutorial002", cookie_param_models::tutorial002::app),
    ("cookie_param_models.tutorial003", cookie_param_models::tutorial003::app),
    ("cookie_params.tutorial001", cookie_params::tutorial001::app),
    ("extra_data_types.tutorial001", extra_data_types::tutorial001::app),
    ("first_steps.tutorial001", first_steps::tutorial001::app),
    ("first_steps.tutorial003", first_steps::tutorial003::app),
    ("header_param_models.tutorial002", header_param_models::tutorial002::app),
    ("header_param_models.tutorial003", header_param_models::tutorial003::app),
    ("header_param_models.tutorial004", header_param_models::tutorial004::app),
    ("header_params.tutorial002", header_params::tutorial002::app),
    ("header_params.tutorial003", header_params::tutorial003::app),
    ("metadata.tutorial001", metadata::tutorial001::app),
    ("metadata.tutorial001_1", metadata::tutorial001_1::app),
    ("metadata.tutorial002", metadata::tutorial002::app),
    ("metadata.tutorial003", metadata::tutorial003::app),
    ("metadata.tutorial004", metadata::tutorial004::app),
    ("path_operation_configuration.tutorial001", path_operation_configuration::tutorial001::app),
    ("path_operation_configuration.tutorial002", path_operation_configuration::tutorial002::app),
    ("path_operation_configuration.tutorial002b", path_operation_configuration::tutorial002b::app),
    ("path_operation_configuration.tutorial003", path_operation_configuration::tutorial003::app),
    ("path_operation_configuration.tutorial004", path_operation_configuration::tutorial004::app),
    ("path_operation_configuration.tutorial005", path_operation_configuration::tutorial005::app),
    ("path_params.tutorial001", path_params::tutorial001::app),
    ("path_params.tutorial002", path_params::tutorial002::app),
    ("path_params.tutorial003", path_params::tutorial003::app),
    ("path_params.tutorial003b", path_params::tutorial003b::app),
    ("path_params.tutorial004", path_params::tutorial004::app),
    ("path_params.tutorial005", path_params::tutorial005::app),
    ("path_params_numeric_validations.tutorial001", path_params_numeric_validations::tutorial001::app),
    ("path_params_numeric_validations.tutorial002", path_params_numeric_validations::tutorial002::app),
    ("path_params_numeric_validations.tutorial004", path_params_numeric_validations::tutorial004::app),
    ("path_params_numeric_validations.tutorial006", path_params_numeric_validations::tutorial006::app),
    ("query_param_models.tutorial001", query_param_models::tutorial001::app),
    ("query_param_models.tutorial002", query_param_models::tutorial002::app),
    ("query_param_models.tutorial003", query_param_models::tutorial003::app),
    ("query_param_models.tutorial004", query_param_models::tutorial004::app),
    ("query_params.tutorial001", query_params::tutorial001::app),
    ("query_params.tutorial003", query_params::tutorial003::app),
    ("query_params.tutorial004", query_params::tutorial004::app),
    ("query_params.tutorial005", query_params::tutorial005::app),
    ("query_params.tutorial006", query_params::tutorial006::app),
    ("query_params_str_validations.tutorial001", query_params_str_validations::tutorial001::app),
    ("query_params_str_validations.tutorial003", query_params_str_validations::tutorial003::app),
    ("query_params_str_validations.tutorial004", query_params_str_validations::tutorial004::app),
    ("query_params_str_validations.tutorial005", query_params_str_validations::tutorial005::app),
    ("query_params_str_validations.tutorial006c", query_params_str_validations::tutorial006c::app),
    ("query_params_str_validations.tutorial007", query_params_str_validations::tutorial007::app),
    ("query_params_str_validations.tutorial008", query_params_str_validations::tutorial008::app),
    ("query_params_str_validations.tutorial010", query_params_str_validations::tutorial010::app),
    ("query_params_str_validations.tutorial011", query_params_str_validations::tutorial011::app),
    ("query_params_str_validations.tutorial015", query_params_str_validations::tutorial015::app),
];

/// The app of this name.
pub fn find(name: &str) -> Option<MakeApp> {
    APPS.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, app)| *app)
}
