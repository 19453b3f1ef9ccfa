use std::collections::HashMap;

use aplomb::app::Lifespan;
use aplomb::prelude::*;

use crate::events::tutorial001::{Items, read_items};

pub fn app() -> App {
    let items = Items::default();
    App::new()
        .state(items.clone())
        .routes(routes![read_items])
        .lifespan(move |service: Lifespan| {
            let items = items.clone();
            async move {
                items.fill();
                service.running().await;
                items.with(HashMap::clear);
                Ok(())
            }
        })
}
