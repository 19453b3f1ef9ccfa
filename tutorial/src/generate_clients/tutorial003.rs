//! Operation ids that make good names of functions in generated clients.

use aplomb::prelude::*;

use super::tutorial002;

fn custom_generate_unique_id(route: &Route) -> String {
    format!("{}-{}", route.tags()[0], route.name())
}

pub fn app() -> App {
    tutorial002::app().generate_unique_id(custom_generate_unique_id)
}
