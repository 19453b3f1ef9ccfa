//! A dependency made from a value that knows what it looks for.

use aplomb::prelude::*;

struct FixedContentQueryChecker {
    fixed_content: &'static str,
}

impl FixedContentQueryChecker {
    fn check(&self, q: &str) -> bool {
        q.contains(self.fixed_content)
    }
}

const CHECKER: FixedContentQueryChecker = FixedContentQueryChecker {
    fixed_content: "bar",
};

#[dependency]
async fn checker(#[query(default)] q: String) -> bool {
    CHECKER.check(&q)
}

#[get("/query-checker/")]
async fn read_query_check(fixed_content_included: Depends<checker>) -> Value {
    json!({"fixed_content_in_query": *fixed_content_included})
}

pub fn app() -> App {
    App::new().routes(routes![read_query_check])
}
