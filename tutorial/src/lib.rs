//! FastAPI's tutorial apps, written with aplomb: one small module each.

pub mod apps;

mod bigger_applications;
mod body;
mod body_fields;
mod body_multiple_params;
mod body_nested_models;
mod body_updates;
mod cookie_param_models;
mod cookie_params;
mod dependencies;
mod encoder;
mod extra_data_types;
mod extra_models;
mod first_steps;
mod handling_errors;
mod header_param_models;
mod header_params;
mod metadata;
mod path_operation_advanced_configuration;
mod path_operation_configuration;
mod path_params;
mod path_params_numeric_validations;
mod query_param_models;
mod query_params;
mod query_params_str_validations;
mod response_change_status_code;
mod response_model;
mod response_status_code;
mod schema_extra_example;
