//! The command line that every service has.

mod difference;
pub(crate) mod ignored;
mod limits;
mod lock;
mod routes;
mod ssl;
mod words;

pub use difference::differences;
pub use lock::{LockError, openapi_lock};
pub use ssl::{CertReqs, SslOptions};
pub use words::{Command, UsageError};

use std::env;

use crate::app::App;
use crate::error::Result;

impl App {
    /// Does what the command line of the program says: serves, or tells about the service.
    ///
    /// ```no_run
    /// #[aplomb::main]
    /// async fn main() -> aplomb::Result<()> {
    ///     aplomb::App::new().title("Shop").run().await
    /// }
    /// ```
    ///
    /// | command | what it does |
    /// |---|---|
    /// | `serve`, or nothing | serves; `--host`, `--port`, `--root-path`, and [`SslOptions`] |
    /// | `routes` | lists the routes, and where each argument comes from |
    /// | `limits` | lists what is bounded, by how much, and what sets it |
    /// | `openapi` | prints the OpenAPI document |
    /// | `openapi --write FILE` | writes it to a file |
    /// | `openapi --check FILE` | fails, and shows how, when the file holds another document |
    /// | `check` | makes the checks of start-up, without a port |
    ///
    /// # Errors
    /// A command that does not exist, or what the command failed with.
    ///
    /// # Panics
    /// When the service cannot work; see [`App::build`].
    pub async fn run(self) -> Result<()> {
        let command = Command::parse(env::args().skip(1))?;
        self.run_command(command).await
    }

    /// Does what a command says.
    ///
    /// # Errors
    /// What the command failed with.
    ///
    /// # Panics
    /// When the service cannot work; see [`App::build`].
    pub async fn run_command(mut self, command: Command) -> Result<()> {
        match command {
            Command::Serve {
                host,
                port,
                root_path,
                ssl,
            } => {
                if let Some(root_path) = root_path {
                    self = self.root_path(root_path);
                }
                if host.is_some() || port.is_some() {
                    self = self.address(address(host, port));
                }
                if ssl != SslOptions::default()
                    && let Some(tls) = ssl.or_environment()?.tls()?
                {
                    self = self.tls(tls);
                }
                return self.served(|bound| bound.serve()).await;
            }
            Command::Routes => print!("{}", self.routes_table()),
            Command::Limits => print!("{}", self.limits_table()),
            Command::OpenApi => print!("{}", lock::text(&self)),
            Command::WriteOpenApi(file) => lock::write(&self, &file)?,
            Command::CheckOpenApi(file) => {
                openapi_lock(&self, &file)?;
                println!("{} is up to date", file.display());
            }
            Command::Check => {
                let routes = crate::app::documented_routes(&self).len();
                let title = self.metadata.title.clone();
                self.build();
                println!("{title}: {routes} routes, ready to serve");
            }
            Command::Help => println!("{}", words::HELP),
        }
        Ok(())
    }
}

/// The address of the options, completed by that of the environment.
fn address(host: Option<String>, port: Option<u16>) -> String {
    let host = host.or_else(|| env::var("HOST").ok());
    let port = port.map(|port| port.to_string());
    let port = port.or_else(|| env::var("PORT").ok());
    let host = host.unwrap_or_else(|| "127.0.0.1".to_owned());
    format!("{host}:{}", port.as_deref().unwrap_or("8000"))
}
