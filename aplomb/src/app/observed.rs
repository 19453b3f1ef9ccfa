//! What an app tells of its requests.

use super::App;

impl App {
    /// Says in a `Server-Timing` header of every answer where its time went: each phase, and each
    /// dependency by name, in milliseconds. Off unless asked for, because times tell strangers
    /// something: that a user exists, that a cache had it.
    ///
    /// Browsers show the header beside the request.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// #[dependency]
    /// async fn current_user() -> &'static str {
    ///     "ada"
    /// }
    ///
    /// #[get("/me")]
    /// async fn read_me(user: Depends<current_user>) -> &'static str {
    ///     *user
    /// }
    ///
    /// let app = App::new().routes(routes![read_me]).server_timing(true);
    /// let answer = TestClient::new(app).get("/me").send();
    /// let timing = answer.header("server-timing").unwrap_or_default();
    /// assert!(timing.contains("handler;dur="));
    /// assert!(timing.contains(";desc=\"current_user\""));
    /// ```
    #[must_use]
    pub fn server_timing(mut self, on: bool) -> Self {
        self.observing.server_timing = on;
        self
    }
}
