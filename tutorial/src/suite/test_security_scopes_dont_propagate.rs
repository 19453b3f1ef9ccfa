//! Scopes go down to what a dependency depends on, not to its siblings.

use aplomb::prelude::*;
use aplomb::security::SecurityScopes;

#[dependency]
async fn security1(scopes: SecurityScopes) -> Vec<String> {
    scopes.scopes().to_vec()
}

#[dependency]
async fn security2(scopes: SecurityScopes) -> Vec<String> {
    scopes.scopes().to_vec()
}

#[dependency]
async fn dep3(
    #[security(scopes("scope1"))] dep1: Depends<security1>,
    #[security(scopes("scope2"))] dep2: Depends<security2>,
) -> Value {
    json!({"dep1": *dep1, "dep2": *dep2})
}

#[get("/scopes")]
async fn get_scopes(#[security(scopes("scope3"))] dep3: Depends<dep3>) -> Value {
    json!(*dep3)
}

pub fn app() -> App {
    App::new().routes(routes![get_scopes])
}
