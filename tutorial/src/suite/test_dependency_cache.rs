//! One call of a dependency a request, unless it is asked for otherwise.

use std::sync::atomic::{AtomicI64, Ordering};

use aplomb::prelude::*;

#[dependency]
async fn dep_counter(counter: State<AtomicI64>) -> i64 {
    counter.fetch_add(1, Ordering::Relaxed) + 1
}

#[dependency]
async fn super_dep(count: Depends<dep_counter>) -> i64 {
    *count
}

#[get("/counter/")]
async fn get_counter(count: Depends<dep_counter>) -> Value {
    json!({"counter": *count})
}

#[get("/sub-counter/")]
async fn get_sub_counter(subcount: Depends<super_dep>, count: Depends<dep_counter>) -> Value {
    json!({"counter": *count, "subcounter": *subcount})
}

#[get("/sub-counter-no-cache/")]
async fn get_sub_counter_no_cache(
    subcount: Depends<super_dep>,
    #[depends(no_cache)] count: Depends<dep_counter>,
) -> Value {
    json!({"counter": *count, "subcounter": *subcount})
}

#[get("/scope-counter")]
async fn get_scope_counter(
    count: Depends<dep_counter>,
    #[security(scopes("scope"))] scope_count_1: Depends<dep_counter>,
    #[security(scopes("scope"))] scope_count_2: Depends<dep_counter>,
) -> Value {
    json!({
        "counter": *count,
        "scope_counter_1": *scope_count_1,
        "scope_counter_2": *scope_count_2,
    })
}

pub fn app() -> App {
    App::new().state(AtomicI64::new(0)).routes(routes![
        get_counter,
        get_sub_counter,
        get_sub_counter_no_cache,
        get_scope_counter
    ])
}
