//! Serves one tutorial app by name: `tutorial APP --port PORT [--root-path PATH]`.

fn main() {}
