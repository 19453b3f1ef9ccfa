//! Functions with `#[get]` and its sisters, called through a service.

use aplomb::http::{Body, Peer};
use aplomb::prelude::*;

async fn call(app: App, method: &str, target: &str) -> (u16, String) {
    let request = ::http::Request::builder()
        .method(method)
        .uri(target)
        .body(Body::empty())
        .expect("a request");
    let response = app.build().answer(request, Peer::named("client", 1)).await;
    let status = response.status_code().as_u16();
    let body = response.body().as_bytes().map(<[u8]>::to_vec);
    let text = String::from_utf8(body.unwrap_or_default()).expect("text");
    (status, text)
}

mod shelves {
    use super::*;

    #[get("/shelves/{shelf}")]
    pub async fn read(request: Request, #[allow(unused)] tasks: BackgroundTasks) -> Response {
        let shelf = request.path_params().get("shelf").unwrap_or_default();
        Response::text(shelf.to_owned())
    }
}

#[post("/shelves")]
fn create(_: Request) -> Result<Response> {
    Err(HttpException::conflict("full"))?
}

#[route("/both", methods = ["PUT", "PATCH"])]
async fn both(mut request: Request) -> Response {
    request = request.clone();
    Response::text(request.method().as_str().to_owned())
}

#[tokio::test]
async fn functions_answer_at_their_paths() {
    let app = || App::new().routes(routes![shelves::read, create, both]);
    assert_eq!(call(app(), "GET", "/shelves/7").await, (200, "7".into()));
    assert_eq!(
        call(app(), "POST", "/shelves").await,
        (409, r#"{"detail":"full"}"#.into())
    );
    assert_eq!(call(app(), "PUT", "/both").await, (200, "PUT".into()));
    assert_eq!(call(app(), "PATCH", "/both").await, (200, "PATCH".into()));
    assert_eq!(call(app(), "GET", "/both").await.0, 405);
}

#[tokio::test]
async fn a_function_stays_a_function() {
    assert!(create_directly().is_err());
}

fn create_directly() -> Result<Response> {
    Err(HttpException::conflict("full"))?
}
