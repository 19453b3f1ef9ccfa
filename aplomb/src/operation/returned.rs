//! [`Returned`]: what a handler gives, and how its call becomes a response.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::Arc;

use super::{Binder, Description, HandlerFuture, IntoResponse, ResponseSettings};
use crate::error::{HttpException, Result};
use crate::http::{Response, Room};
use crate::model::Model;
use crate::observe::{Call, Current, Phase, Record};
use crate::openapi::Schemas;

/// What a handler gives: how it is documented, and how it becomes a response.
#[derive(Debug)]
pub struct Returned<R> {
    /// What the document says of it.
    pub describe: fn(&mut Schemas) -> Description,
    respond: fn(R, &ResponseSettings) -> Result<Response>,
}

/// A result answered as it is.
pub const fn returned<R: IntoResponse>() -> Returned<R> {
    Returned {
        describe: R::describe,
        respond: R::into_response,
    }
}

/// A result answered through the model `M`.
pub const fn returned_through<R: IntoResponse, M: Model>() -> Returned<R> {
    Returned {
        describe: R::describe_as::<M>,
        respond: R::into_response_as::<M>,
    }
}

/// A result that the document says nothing about: `response_model = None`.
pub const fn returned_undescribed<R: IntoResponse>() -> Returned<R> {
    Returned {
        describe: |_| Description {
            media_type: Some("application/json"),
            ..Description::default()
        },
        respond: R::into_response,
    }
}

/// [`returned`] for a type without a name, which the call decides.
pub fn inferred<R: IntoResponse>() -> &'static Returned<R> {
    const { &returned::<R>() }
}

/// [`returned_through`] for a type without a name, which the call decides.
pub fn inferred_through<R: IntoResponse, M: Model>() -> &'static Returned<R> {
    const { &returned_through::<R, M>() }
}

/// [`returned_undescribed`] for a type without a name, which the call decides.
pub fn inferred_undescribed<R: IntoResponse>() -> &'static Returned<R> {
    const { &returned_undescribed::<R>() }
}

/// What the document says of a call that is never made.
pub fn description<R, F: Future<Output = R>>(
    returned: &'static Returned<R>,
    _: impl Fn() -> F,
) -> fn(&mut Schemas) -> Description {
    returned.describe
}

/// What the document says of a call that blocks and is never made.
pub fn description_blocking<R>(
    returned: &'static Returned<R>,
    _: impl Fn() -> R,
) -> fn(&mut Schemas) -> Description {
    returned.describe
}

/// Waits with a route that gives long answers until there is room for one.
///
/// In a box, so that those of others are small: the future of every handler is put into one.
#[inline]
async fn wait_for_room(settings: &ResponseSettings, record: &Record) -> Result<Option<Room>> {
    let Some(usual) = settings.long_answers() else {
        return Ok(None);
    };
    record.enter(Phase::Waiting);
    let room = Box::pin(Room::wait(usual)).await?;
    record.enter(Phase::Handler);
    Ok(Some(room))
}

/// Leaves its room to an answer that is not written yet.
fn keep_room(room: Option<Room>, response: Result<Response>) -> Result<Response> {
    let mut response = response?;
    if let Some(room) = room {
        response.body_mut().keep(room);
    }
    Ok(response)
}

/// The response of a handler's call.
#[inline]
pub fn finish<R: 'static>(
    binder: &Binder<'_>,
    returned: &'static Returned<R>,
    future: impl Future<Output = R> + Send + 'static,
) -> HandlerFuture {
    let settings = Arc::clone(&binder.scope().settings);
    let record = Arc::clone(binder.request().record());
    Box::pin(async move {
        let mut room = wait_for_room(&settings, &record).await?;
        let result = match room {
            None => future.await,
            Some(_) => Room::held_by(future, &mut room).await,
        };
        record.enter(Phase::Serialising);
        keep_room(room, (returned.respond)(result, &settings))
    })
}

/// The response of a handler that blocks, called on a thread where that hurts nobody.
pub fn finish_blocking<R: Send + 'static>(
    binder: &Binder<'_>,
    returned: &'static Returned<R>,
    call: impl FnOnce() -> R + Send + 'static,
) -> HandlerFuture {
    let settings = Arc::clone(&binder.scope().settings);
    let record = Arc::clone(binder.request().record());
    Box::pin(async move {
        // How long it blocks is not known: it holds no room.
        drop(wait_for_room(&settings, &record).await?);
        match tokio::task::spawn_blocking(Call::timed(Current::during(call))).await {
            Ok((result, call)) => {
                record.called(call);
                record.enter(Phase::Serialising);
                (returned.respond)(result, &settings)
            }
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => Err(HttpException::status_only(503).into()),
            },
        }
    })
}
