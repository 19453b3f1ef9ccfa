//! [`LevelDefinition`]: a level as it is asked for.

/// A level as it is asked for.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, extra = "forbid", example = {
    "directive": "my_crate::orders=debug",
    "expires_in": 300
})]
pub(crate) struct LevelDefinition {
    /// Which callsites, and their level: `my_crate::orders=debug` for a target and all below it,
    /// `debug` for everything, `src/orders.rs:142` for the one in this line, `span checkout` for the
    /// spans of a name, both with `=off` to silence them. The levels are `off`, `error`, `warn`,
    /// `info`, `debug` and `trace`.
    #[field(min_length = 1, max_length = 256)]
    pub(crate) directive: String,
    /// Only while requests of this route are answered: `GET /items/{id}`, or a pattern such as
    /// `/orders/**`. What a handler spawns is not among it.
    #[field(max_length = 256)]
    pub(crate) route: Option<String>,
    /// How many events a second there may be that would not be heard without it, or are followed.
    #[field(gt = 0, le = 1000, default = 100.0)]
    pub(crate) per_second: f64,
    /// After how many seconds it ends.
    #[field(ge = 1, le = 86400, default = 300)]
    pub(crate) expires_in: u32,
    /// Who set it.
    #[field(max_length = 128)]
    pub(crate) owner: Option<String>,
    /// What for.
    #[field(max_length = 256)]
    pub(crate) reason: Option<String>,
    /// Whether it ends with the stream of its events: when nobody has listened for 5 s.
    #[field(default)]
    pub(crate) attached: bool,
}
