//! How an application is documented, and where.

use std::fmt;
use std::sync::Arc;

use crate::app::App;
use crate::json::{Object, Value};
use crate::route::Route;

/// Changes the finished document.
#[derive(Clone)]
pub(crate) struct Extension(Arc<dyn Fn(&mut Value) + Send + Sync>);

impl Extension {
    pub(crate) fn apply(&self, document: &mut Value) {
        (self.0)(document);
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Extension")
    }
}

/// How an application is documented, and where.
#[derive(Clone, Debug)]
pub struct Metadata {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) terms_of_service: Option<String>,
    pub(crate) contact: Option<Object>,
    pub(crate) license: Option<Object>,
    pub(crate) tags: Vec<Value>,
    pub(crate) servers: Vec<Value>,
    pub(crate) external_docs: Option<Value>,
    pub(crate) webhooks: Vec<Route>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) openapi_url: Option<String>,
    pub(crate) docs_url: Option<String>,
    pub(crate) redoc_url: Option<String>,
    pub(crate) oauth2_redirect_url: Option<String>,
    pub(crate) swagger_ui_parameters: Object,
    pub(crate) swagger_ui_init_oauth: Option<Value>,
    pub(crate) root_path_in_servers: bool,
    pub(crate) separate_input_output_schemas: bool,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            title: "FastAPI".to_owned(),
            version: "0.1.0".to_owned(),
            summary: None,
            description: None,
            terms_of_service: None,
            contact: None,
            license: None,
            tags: Vec::new(),
            servers: Vec::new(),
            external_docs: None,
            webhooks: Vec::new(),
            extensions: Vec::new(),
            openapi_url: Some("/openapi.json".to_owned()),
            docs_url: Some("/docs".to_owned()),
            redoc_url: Some("/redoc".to_owned()),
            oauth2_redirect_url: Some("/docs/oauth2-redirect".to_owned()),
            swagger_ui_parameters: Object::new(),
            swagger_ui_init_oauth: None,
            root_path_in_servers: true,
            separate_input_output_schemas: true,
        }
    }
}

impl Metadata {
    /// The path of Swagger UI, where there is one.
    pub(crate) fn docs(&self) -> Option<String> {
        self.openapi_url.as_ref()?;
        self.docs_url.clone()
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $wrap:path;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(mut self, $name: impl Into<String>) -> Self {
                self.metadata.$name = $wrap($name.into());
                self
            }
        )*
    };
}

impl App {
    texts! {
        /// Names the service in its document and pages.
        title = std::convert::identity;
        /// The version of the service's interface.
        version = std::convert::identity;
        /// What the service is, in a line.
        summary = Some;
        /// What the service is; Markdown.
        description = Some;
        /// Where the terms of service are.
        terms_of_service = Some;
    }

    /// Whom to ask: an object with `name`, `url`, `email`.
    #[must_use]
    pub fn contact(mut self, contact: impl Into<Value>) -> Self {
        self.metadata.contact = object(contact.into());
        self
    }

    /// The licence: an object with `name`, and `url` or `identifier`.
    #[must_use]
    pub fn license(mut self, license: impl Into<Value>) -> Self {
        self.metadata.license = object(license.into());
        self
    }

    /// Describes tags, in this order: objects with `name`, `description`, `externalDocs`.
    #[must_use]
    pub fn openapi_tags<V: Into<Value>>(mut self, tags: impl IntoIterator<Item = V>) -> Self {
        self.metadata.tags = tags.into_iter().map(Into::into).collect();
        self
    }

    /// The servers the document lists: objects with `url` and `description`.
    #[must_use]
    pub fn servers<V: Into<Value>>(mut self, servers: impl IntoIterator<Item = V>) -> Self {
        self.metadata.servers = servers.into_iter().map(Into::into).collect();
        self
    }

    /// Further documentation: an object with `url` and `description`.
    #[must_use]
    pub fn external_docs(mut self, docs: impl Into<Value>) -> Self {
        self.metadata.external_docs = Some(docs.into());
        self
    }

    /// Documents what the service calls at its clients: operations with the name of a webhook
    /// instead of a path.
    ///
    /// ```
    /// use aplomb::prelude::*;
    ///
    /// /// Somebody subscribed.
    /// #[post("new-subscription", webhook)]
    /// async fn new_subscription(#[body] name: String) {
    ///     let _ = name;
    /// }
    ///
    /// let document = App::new().webhooks(routes![new_subscription]).openapi();
    /// let webhook = &document["webhooks"]["new-subscription"]["post"];
    /// assert_eq!(webhook["description"], "Somebody subscribed.");
    /// ```
    #[must_use]
    pub fn webhooks<R: Into<Route>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        let routes = routes.into_iter().map(Into::into);
        self.metadata.webhooks.extend(routes);
        self
    }

    /// Changes the document once it is made: FastAPI's own `openapi` function.
    ///
    /// ```
    /// use aplomb::{App, json};
    ///
    /// let app = App::new().extend_openapi(|document| {
    ///     document["info"]["x-logo"] = json!({"url": "/logo.png"});
    /// });
    /// assert_eq!(app.openapi()["info"]["x-logo"]["url"], "/logo.png");
    /// ```
    #[must_use]
    pub fn extend_openapi(mut self, extend: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        self.metadata.extensions.push(Extension(Arc::new(extend)));
        self
    }

    /// Where the document is; `None` for nowhere, which takes the pages away too.
    #[must_use]
    pub fn openapi_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.metadata.openapi_url = url.into().filter(|url| !url.is_empty()).map(str::to_owned);
        self
    }

    /// Where Swagger UI is; `None` for nowhere.
    #[must_use]
    pub fn docs_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.metadata.docs_url = url.into().map(str::to_owned);
        self
    }

    /// Where ReDoc is; `None` for nowhere.
    #[must_use]
    pub fn redoc_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.metadata.redoc_url = url.into().map(str::to_owned);
        self
    }

    /// Parameters of Swagger UI beyond the usual ones.
    #[must_use]
    pub fn swagger_ui_parameters(mut self, parameters: impl Into<Value>) -> Self {
        self.metadata.swagger_ui_parameters = object(parameters.into()).unwrap_or_default();
        self
    }

    /// Settings of Swagger UI for OAuth2: an object with `clientId` and others.
    #[must_use]
    pub fn swagger_ui_init_oauth(mut self, settings: impl Into<Value>) -> Self {
        self.metadata.swagger_ui_init_oauth = Some(settings.into());
        self
    }

    /// Where OAuth2 servers send people back to; `None` for nowhere.
    #[must_use]
    pub fn swagger_ui_oauth2_redirect_url<'a>(mut self, url: impl Into<Option<&'a str>>) -> Self {
        self.metadata.oauth2_redirect_url = url.into().map(str::to_owned);
        self
    }

    /// Whether the prefix that a proxy takes off is listed with the servers; it is unless said
    /// otherwise.
    #[must_use]
    pub fn root_path_in_servers(mut self, list: bool) -> Self {
        self.metadata.root_path_in_servers = list;
        self
    }

    /// Whether a type whose requests and answers differ has two schemas; it has unless said
    /// otherwise.
    #[must_use]
    pub fn separate_input_output_schemas(mut self, separate: bool) -> Self {
        self.metadata.separate_input_output_schemas = separate;
        self
    }
}

fn object(value: Value) -> Option<Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}
