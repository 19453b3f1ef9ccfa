//! What an app says about what it tells of its requests.

/// What an app tells of its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observing {
    /// Whether answers say where their time went.
    pub(crate) server_timing: bool,
}
