//! A session that stays open while an answer is streamed.

use std::sync::Arc;
use std::time::Duration;

use aplomb::http::{Body, BoxError};
use aplomb::prelude::*;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many sessions at a time.
type Engine = Arc<Semaphore>;

struct Session {
    _connection: OwnedSemaphorePermit,
}

impl Session {
    fn user(&self, user_id: i64) -> Option<&'static str> {
        (user_id == 1).then_some("Rick")
    }
}

#[dependency]
async fn get_session(engine: State<Engine>, give: Yield<Session>) -> Result<()> {
    let connection = Arc::clone(&engine).acquire_owned().await?;
    give.lend(Session {
        _connection: connection,
    })
    .await;
    Ok(())
}

#[dependency]
async fn get_user(user_id: i64, session: Depends<get_session>) -> Result<()> {
    match session.user(user_id) {
        Some(_) => Ok(()),
        None => Err(HttpException::forbidden("Not authorized").into()),
    }
}

fn generate_stream(query: String) -> impl Stream<Item = Result<String, BoxError>> {
    let characters: Vec<String> = query.chars().map(String::from).collect();
    stream::iter(characters).then(|character| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok(character)
    })
}

#[get("/generate", dependencies(get_user))]
async fn generate(query: String) -> Response {
    Response::new(Body::from_stream(generate_stream(query)))
}

pub fn app() -> App {
    App::new()
        .state(Engine::new(Semaphore::new(5)))
        .routes(routes![generate])
}
