//! FastAPI's tutorial apps, written with aplomb: one small module each.

pub mod apps;

mod body;
mod body_fields;
mod body_multiple_params;
mod body_nested_models;
mod body_updates;
mod cookie_param_models;
mod cookie_params;
mod extra_data_types;
mod first_steps;
mod header_param_models;
mod header_params;
mod metadata;
mod path_operation_configuration;
mod path_params;
mod path_params_numeric_validations;
mod query_param_models;
mod query_params;
mod query_params_str_validations;
