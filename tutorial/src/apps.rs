//! The apps by the name the conformance run uses.

use aplomb::App;

use crate::*;

/// Makes an app, fresh for every use.
pub type MakeApp = fn() -> App;

/// The apps of every topic.
const TOPICS: &[&[(&str, MakeApp)]] = &[
    additional_responses::APPS,
    additional_status_codes::APPS,
    advanced_middleware::APPS,
    app_testing::APPS,
    async_tests::APPS,
    authentication_error_status_code::APPS,
    background_tasks::APPS,
    behind_a_proxy::APPS,
    bigger_applications::APPS,
    body::APPS,
    body_fields::APPS,
    body_multiple_params::APPS,
    body_nested_models::APPS,
    body_updates::APPS,
    conditional_openapi::APPS,
    configure_swagger_ui::APPS,
    cookie_param_models::APPS,
    cookie_params::APPS,
    cors::APPS,
    custom_docs_ui::APPS,
    custom_request_and_route::APPS,
    custom_response::APPS,
    dataclasses_::APPS,
    debugging::APPS,
    dependencies::APPS,
    dependency_testing::APPS,
    encoder::APPS,
    events::APPS,
    extending_openapi::APPS,
    extra_data_types::APPS,
    extra_models::APPS,
    first_steps::APPS,
    frontend::APPS,
    generate_clients::APPS,
    graphql_::APPS,
    handling_errors::APPS,
    header_param_models::APPS,
    header_params::APPS,
    json_base64_bytes::APPS,
    metadata::APPS,
    middleware::APPS,
    openapi_callbacks::APPS,
    openapi_webhooks::APPS,
    opentelemetry::APPS,
    path_operation_advanced_configuration::APPS,
    path_operation_configuration::APPS,
    path_params::APPS,
    path_params_numeric_validations::APPS,
    query_param_models::APPS,
    query_params::APPS,
    query_params_str_validations::APPS,
    request_body_limits::APPS,
    request_files::APPS,
    request_form_models::APPS,
    request_forms::APPS,
    request_forms_and_files::APPS,
    response_change_status_code::APPS,
    response_cookies::APPS,
    response_directly::APPS,
    response_headers::APPS,
    response_model::APPS,
    response_status_code::APPS,
    schema_extra_example::APPS,
    security::APPS,
    separate_openapi_schemas::APPS,
    server_sent_events::APPS,
    settings::APPS,
    sql_databases::APPS,
    static_files::APPS,
    stream_data::APPS,
    stream_json_lines::APPS,
    strict_content_type::APPS,
    sub_applications::APPS,
    suite::APPS,
    suite::request_files::APPS,
    suite::request_params::APPS,
    templates::APPS,
    using_request_directly::APPS,
    websockets_::APPS,
    wsgi::APPS,
];

/// Every app with its name.
pub fn all() -> impl Iterator<Item = &'static (&'static str, MakeApp)> {
    TOPICS.iter().copied().flatten()
}

/// The app of this name; those that FastAPI spells without `Annotated` too are the same here.
pub fn find(name: &str) -> Option<MakeApp> {
    let name = name.strip_suffix("_non_an").unwrap_or(name);
    all().find(|(known, _)| *known == name).map(|(_, app)| *app)
}
