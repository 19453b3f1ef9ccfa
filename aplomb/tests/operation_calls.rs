//! Functions with `#[get]` and its sisters, called through a service.

#[path = "operation/call.rs"]
mod call;

use aplomb::prelude::*;
use call::call;

mod shelves {
    use super::*;

    #[get("/shelves/{shelf}")]
    pub(crate) async fn read(
        request: Request,
        #[allow(unused)] tasks: BackgroundTasks,
    ) -> Response {
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

fn app() -> App {
    App::new().routes(routes![shelves::read, create, both])
}

#[tokio::test]
async fn functions_answer_at_their_paths() {
    assert_eq!(call(app(), "GET /shelves/7").await.body, "7");
    call(app(), "POST /shelves")
        .await
        .is(409, json!({"detail": "full"}));
    assert_eq!(call(app(), "PUT /both").await.body, "PUT");
    assert_eq!(call(app(), "PATCH /both").await.body, "PATCH");
    assert_eq!(call(app(), "GET /both").await.status, 405);
}
