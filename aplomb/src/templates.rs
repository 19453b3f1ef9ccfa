//! Pages from Jinja templates: FastAPI's `Jinja2Templates`.
//!
//! ```
//! use aplomb::prelude::*;
//! use aplomb::templates::{TemplateResponse, Templates, context};
//! use aplomb::testing::TestClient;
//!
//! #[get("/items/{item_id}")]
//! async fn read_item(
//!     item_id: String,
//!     request: Request,
//!     templates: State<Templates>,
//! ) -> Result<TemplateResponse> {
//!     templates.response(&request, "item.html", context! { item_id })
//! }
//!
//! # let folder = tempfile::tempdir()?;
//! # let directory = folder.path();
//! let page = "<a href=\"{{ url_for('read_item', item_id=item_id) }}\">{{ item_id }}</a>";
//! std::fs::write(directory.join("item.html"), page)?;
//! let app = App::new().state(Templates::new(directory)).routes(routes![read_item]);
//! let answer = TestClient::new(app).get("/items/a&b").send();
//! assert_eq!(answer.text(), "<a href=\"http://testserver/items/a&amp;b\">a&amp;b</a>");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Templates are [minijinja]'s, by the author of Jinja: what Python's Jinja takes beyond it, above
//! all the methods of Python's own types, is missing.

mod escape;
mod request;
mod response;
mod url;

use std::fmt;
use std::path::PathBuf;

use minijinja::value::{Serde, merge_maps};
pub use minijinja::{self, context};
use minijinja::{AutoEscape, Environment, Value, path_loader};
use serde::Serialize;

use crate::error::Result;
use crate::http::Request;
use request::{TemplateRequest, UrlFor};
pub use response::TemplateResponse;

type Processor = Box<dyn Fn(&Request) -> Value + Send + Sync>;

/// The Jinja templates of a folder.
///
/// Names that end with `.html`, `.htm` or `.xml` have what is put into them escaped. Every template
/// knows `request` and `url_for('name', parameter=value)`, which gives the absolute URL of a route
/// or mount as [`Request::url_for`] does; its `.path` is the path.
pub struct Templates {
    environment: Environment<'static>,
    processors: Vec<Processor>,
}

impl Templates {
    /// The templates of this folder; each is read when it is first used, and in debug builds again
    /// when it has changed.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        let mut environment = Environment::new();
        environment.set_loader(path_loader(directory.into()));
        environment.set_auto_escape_callback(auto_escape);
        environment.set_formatter(escape::format);
        environment.add_filter("escape", escape::filter);
        environment.add_filter("e", escape::filter);
        environment.set_auto_reload(cfg!(debug_assertions));
        Self::with_environment(environment)
    }

    /// The templates of an environment that has its own loader, filters and settings; all of it is
    /// left as it is, so that what is escaped, and how, is the environment's to say.
    pub fn with_environment(environment: Environment<'static>) -> Self {
        Self {
            environment,
            processors: Vec::new(),
        }
    }

    /// Whether a template that has changed is read again; in debug builds it is unless said
    /// otherwise.
    #[must_use]
    pub fn auto_reload(mut self, reload: bool) -> Self {
        self.environment.set_auto_reload(reload);
        self
    }

    /// Changes the environment: adds filters, tests, functions and globals.
    ///
    /// ```
    /// use aplomb::templates::Templates;
    ///
    /// let templates = Templates::new("templates").configure(|environment| {
    ///     environment.add_filter("shout", |text: String| text.to_uppercase());
    /// });
    /// ```
    #[must_use]
    pub fn configure(mut self, configure: impl FnOnce(&mut Environment<'static>)) -> Self {
        configure(&mut self.environment);
        self
    }

    /// Adds to the context of every template what this function makes of the request; it wins over
    /// what a handler gives.
    #[must_use]
    pub fn context_processor<T: Into<Value>>(
        mut self,
        processor: impl Fn(&Request) -> T + Send + Sync + 'static,
    ) -> Self {
        let processor = move |request: &Request| processor(request).into();
        self.processors.push(Box::new(processor));
        self
    }

    /// The page a template makes of a context: `context! { … }`, or anything that serde writes as
    /// a map.
    ///
    /// # Errors
    /// That there is no such template, or why it cannot be rendered. Passed on by a handler it is
    /// logged and answered with 500, without telling the client of it.
    pub fn response(
        &self,
        request: &Request,
        name: &str,
        context: impl Serialize,
    ) -> Result<TemplateResponse> {
        Ok(TemplateResponse::new(self.render(request, name, context)?))
    }

    /// The text a template makes of a context; see [`response`](Self::response).
    ///
    /// # Errors
    /// That there is no such template, or why it cannot be rendered.
    pub fn render(&self, request: &Request, name: &str, context: impl Serialize) -> Result<String> {
        let own = context! {
            request => Value::from_object(TemplateRequest::new(request.clone())),
            url_for => Value::from_object(UrlFor(request.clone())),
        };
        let given = Value::from(Serde(context));
        let processed = self.processors.iter();
        let processed = processed.map(|processor| processor(request));
        // The last one that knows a name wins.
        let context = merge_maps([own, given].into_iter().chain(processed));
        Ok(self.environment.get_template(name)?.render(context)?)
    }
}

/// As Jinja's `select_autoescape`, and for `.html.j2` and the like too.
fn auto_escape(name: &str) -> AutoEscape {
    match minijinja::default_auto_escape_callback(&name.to_ascii_lowercase()) {
        AutoEscape::Html => AutoEscape::Html,
        _ => AutoEscape::None,
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Templates")
            .field("environment", &self.environment)
            .field("processors", &self.processors.len())
            .finish()
    }
}
