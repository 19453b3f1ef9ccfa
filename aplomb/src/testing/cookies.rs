//! The cookies a test client keeps.

use super::url::Address;

/// The cookies of one client.
#[derive(Clone, Debug, Default)]
pub(super) struct CookieJar(Vec<Kept>);

#[derive(Clone, Debug)]
struct Kept {
    name: String,
    value: String,
    path: String,
    secure: bool,
}

impl CookieJar {
    /// Keeps a cookie for every path.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.keep(Kept {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: false,
        });
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        let kept = self.0.iter().rfind(|kept| kept.name == name)?;
        Some(kept.value.clone())
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps or forgets what the `set-cookie` headers of an answer say.
    pub(super) fn take(&mut self, headers: &http::HeaderMap, from: &Address) {
        for header in headers.get_all(http::header::SET_COOKIE) {
            let text = String::from_utf8_lossy(header.as_bytes()).into_owned();
            let Ok(cookie) = cookie::Cookie::parse(text) else {
                continue;
            };
            let path = match cookie.path().filter(|path| path.starts_with('/')) {
                Some(path) => path.to_owned(),
                None => directory(&from.path).to_owned(),
            };
            let kept = Kept {
                name: cookie.name().to_owned(),
                value: cookie.value().to_owned(),
                path,
                secure: cookie.secure().unwrap_or(false),
            };
            if is_over(&cookie) {
                self.forget(&kept);
            } else {
                self.keep(kept);
            }
        }
    }

    /// The text of the `cookie` header for an address.
    pub(super) fn header(&self, address: &Address) -> Option<String> {
        let sent = self
            .0
            .iter()
            .filter(|kept| !kept.secure || address.scheme == "https")
            .filter(|kept| is_below(&address.path, &kept.path))
            .map(|kept| format!("{}={}", kept.name, kept.value));
        let sent: Vec<String> = sent.collect();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    fn keep(&mut self, cookie: Kept) {
        let known = self
            .0
            .iter_mut()
            .find(|kept| kept.name == cookie.name && kept.path == cookie.path);
        match known {
            Some(kept) => *kept = cookie,
            None => self.0.push(cookie),
        }
    }

    fn forget(&mut self, cookie: &Kept) {
        self.0
            .retain(|kept| kept.name != cookie.name || kept.path != cookie.path);
    }
}

fn is_over(cookie: &cookie::Cookie<'_>) -> bool {
    match (cookie.max_age(), cookie.expires_datetime()) {
        (Some(age), _) => !age.is_positive(),
        (None, Some(at)) => at.unix_timestamp() <= chrono::Utc::now().timestamp(),
        (None, None) => false,
    }
}

fn directory(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &path[..end],
    }
}

fn is_below(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}
