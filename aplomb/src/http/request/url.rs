//! The URLs of a request, and those it leads to.

use super::Request;
use crate::http::HostHeader;
use crate::route::NoMatchFound;

impl Request {
    /// The URL the service is at as the client sees it, with a slash at its end: that of the
    /// outermost application where several are mounted.
    pub fn base_url(&self) -> String {
        let mut url = self.origin();
        let base = self.inner.head.url_base.as_ref();
        url.push_str(base.map_or(self.root_path(), |base| &base.root_path));
        if !url.ends_with('/') {
            url.push('/');
        }
        url
    }

    /// The absolute URL of a route, by the name of its function or the `name` of its attribute,
    /// with the values of its path's parameters.
    ///
    /// The file of a mount has the mount's name and its `path`; a route of a mounted app has the
    /// name of the mount, a colon and its own, or its own alone where the mount has none.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// #[get("/items/{item_id}")]
    /// async fn read_item(item_id: String, request: Request) -> Result<String> {
    ///     Ok(request.url_for("read_item", &[("item_id", &item_id)])?)
    /// }
    ///
    /// let client = TestClient::new(App::new().root_path("/api").routes(routes![read_item]));
    /// let url = client.get("/items/fork").send().json();
    /// assert_eq!(url, "http://testserver/api/items/fork");
    /// ```
    ///
    /// # Errors
    /// That no route has this name and these parameters.
    pub fn url_for(&self, name: &str, params: &[(&str, &str)]) -> Result<String, NoMatchFound> {
        let base = self.inner.head.url_base.as_ref();
        let base = base.ok_or_else(|| NoMatchFound::new(name, params))?;
        let path = base.url_path_for(name, params)?;
        let mut url = self.base_url();
        url.truncate(url.trim_end_matches('/').len());
        url.push_str(&path);
        Ok(url)
    }

    /// Scheme and host, as far as they are known; a host that could change what a URL means is
    /// passed by.
    pub(crate) fn origin(&self) -> String {
        let is_plain =
            |host: &&str| HostHeader::parse(host).is_some_and(|parsed| parsed.has_valid_port());
        match (self.host().filter(is_plain), self.inner.head.peer.server()) {
            (Some(host), _) => format!("{}://{host}", self.scheme()),
            (None, Some(server)) => format!("{}://{server}", self.scheme()),
            (None, None) => String::new(),
        }
    }

    /// The absolute URL the client asked for.
    pub fn url(&self) -> String {
        let (root, path) = (self.root_path(), self.path());
        let mut url = self.origin();
        for character in root.chars().chain(path.chars()) {
            match character {
                '?' => url.push_str("%3F"),
                '#' => url.push_str("%23"),
                '\\' => url.push_str("%5C"),
                _ => url.push(character),
            }
        }
        if let Some(query) = self.uri().query().filter(|query| !query.is_empty()) {
            url.extend(["?", query]);
        }
        url
    }
}
