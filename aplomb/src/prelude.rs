//! What most files of a service need: `use aplomb::prelude::*;`.

pub use crate::depends::{Cleanup, Outcome, Yield};
pub use crate::http::Cookie;
pub use crate::model::Invalid;
pub use crate::{
    App, BackgroundTasks, Depends, HttpException, IntoResponse, JsonLines, Model, Request,
    Response, ResponseParts, Result, Route, Router, State, Value, json, routes,
};
pub use crate::{delete, dependency, get, head, options, patch, post, put, route, security, trace};
