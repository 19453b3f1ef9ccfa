//! OAuth2 scopes: who is asked for which, what is run once, what the document says.

#[path = "security_scopes/caching.rs"]
mod caching;
#[path = "security_scopes/documented.rs"]
mod documented;
#[path = "security_scopes/handed_down.rs"]
mod handed_down;
#[path = "security_scopes/overridden.rs"]
mod overridden;
#[path = "security_scopes/without_results.rs"]
mod without_results;

use std::sync::Mutex;

use aplomb::prelude::*;
use aplomb::security::{
    ApiKeyHeader, OAuth2AuthorizationCodeBearer, OAuth2PasswordBearer, SecurityScopes,
};
use aplomb::testing::TestClient;

/// Who ran, in order.
#[derive(Default)]
struct Calls(Mutex<Vec<&'static str>>);

impl Calls {
    fn add(&self, name: &'static str) -> usize {
        let mut calls = self.0.lock().expect("nobody panicked");
        calls.push(name);
        calls.iter().filter(|known| **known == name).count()
    }
}

fn list(scopes: &SecurityScopes) -> Vec<String> {
    scopes.scopes().to_vec()
}
