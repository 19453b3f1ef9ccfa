//! Warns of mounts that nobody guards, although it looks as if.

use crate::route::{Entry, Router};

/// Tells of mounts below routers with dependencies or middleware, which a mount does not know. Those
/// of the application itself are meant for its routes.
pub(super) fn warn(application: &Router) {
    below(application, &application.prefix, false);
}

fn below(router: &Router, prefix: &str, guarded: bool) {
    for entry in &router.entries {
        match entry {
            Entry::Include(router) => {
                let inherited = &router.inherited;
                let guards = !inherited.dependencies.is_empty() || !inherited.middleware.is_empty();
                let prefix = format!("{prefix}{}", router.prefix);
                below(router, &prefix, guarded || guards);
            }
            Entry::Mount(mount) if guarded => {
                let path = format!("{prefix}{}", mount.path);
                tracing::warn!(
                    path,
                    "dependencies and middleware of a router do not run for what is mounted in it"
                );
            }
            Entry::Mount(_) | Entry::Route(_) | Entry::Frontend(..) => {}
        }
    }
}
