//! A status other than the one that has no body.

use aplomb::prelude::*;

#[delete("/{id}", status = 204)]
async fn delete_deployment(id: i64, response: ResponseParts) -> JsonResponse<Value> {
    response.status(400);
    JsonResponse(json!({"msg": "Status overwritten", "id": id}))
}

pub fn app() -> App {
    App::new().routes(routes![delete_deployment])
}
