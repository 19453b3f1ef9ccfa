//! The expansions name what they use in full and offend no lint.
#![deny(warnings, missing_docs, missing_debug_implementations, unsafe_code)]
#![deny(unreachable_pub, unused_qualifications, clippy::all, clippy::pedantic)]
#![allow(clippy::unused_async, clippy::needless_pass_by_value)]

extern crate aplomb as renamed;

#[path = "operation/call.rs"]
#[allow(warnings, unreachable_pub, unused_qualifications)]
mod call;

/// Names of the standard library and of ours, taken by something else.
#[allow(dead_code, non_camel_case_types)]
mod shadows {
    use renamed::{get, post};

    mod core {}
    mod std {}
    mod aplomb {}
    struct Option;
    struct Some;
    struct None;
    struct Result;
    struct Box;
    struct Binder;
    struct Operation;
    struct Parameter;
    type str = u8;
    type u16 = u8;

    /// Reads something.
    #[get("/shadowed/{first}", status = 202, tags("a"))]
    pub(crate) async fn read(
        #[query(default = 3, ge = 1, description = "d")] binder: i64,
        /// The first.
        first: String,
        #[header] argument_0: ::std::option::Option<String>,
    ) -> String {
        format!("{binder} {first} {argument_0:?}")
    }

    #[post("/renamed", crate = renamed)]
    pub(crate) fn write(#[query(pattern = "^a")] text: String) -> String {
        text
    }
}

mod inner {
    use renamed::get;

    #[get("/inner")]
    pub(super) async fn read() {}
}

#[renamed::get("/conditional")]
#[cfg(any())]
async fn never() -> Missing {}

#[renamed::get("/raw")]
async fn r#type(r#match: bool) -> bool {
    r#match
}

#[tokio::test]
async fn expansions_stand_on_their_own() {
    let app = || {
        renamed::App::new().routes(renamed::routes![
            shadows::read,
            shadows::write,
            inner::read,
            r#type
        ])
    };
    let answer = call::call(app(), "GET /shadowed/x").await;
    assert_eq!((answer.status, &*answer.body), (202, "\"3 x None\""));
    let answer = call::call(app(), "POST /renamed?text=abc").await;
    assert_eq!(answer.body, "\"abc\"");
    let answer = call::call(app(), "GET /inner").await;
    assert_eq!(answer.body, "null");
    let answer = call::call(app(), "GET /raw?match=true").await;
    assert_eq!(answer.body, "true");
}
