//! What most files of a service need: `use aplomb::prelude::*;`.

pub use crate::depends::{Cleanup, Outcome, Yield};
pub use crate::http::{Cookie, FileResponse, FormLimits, Html, PlainText, Redirect, UploadFile};
pub use crate::middleware::Next;
pub use crate::model::Invalid;
pub use crate::{
    App, BackgroundTasks, Deadline, Depends, EventStream, Frontend, HttpException, IntoResponse,
    JsonArray, JsonLines, JsonResponse, Model, Request, Response, ResponseClass, ResponseParts,
    Result, Route, Router, ServerSentEvent, State, StaticFiles, Stream, StreamingResponse, Value,
    WebSocket, generate, json, routes, try_generate,
};
pub use crate::{
    delete, dependency, get, head, options, patch, post, put, route, security, trace, websocket,
};
