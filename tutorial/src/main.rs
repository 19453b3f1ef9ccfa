//! Serves one tutorial app by name: `tutorial APP --port PORT [--root-path PATH]`.

use std::process::ExitCode;

use aplomb::app::Compat;

const USAGE: &str = "usage: tutorial APP --port PORT [--root-path PATH]";

/// What the command line asks for.
struct Arguments {
    app: String,
    port: u16,
    root_path: String,
}

impl Arguments {
    fn parse(mut given: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut app, mut port, mut root_path) = (None, None, String::new());
        while let Some(argument) = given.next() {
            let mut value = || {
                let value = given.next();
                value.ok_or_else(|| format!("`{argument}` needs a value"))
            };
            match argument.as_str() {
                "--port" => {
                    let text = value()?;
                    let number = text.parse().map_err(|_| format!("`{text}` is no port"))?;
                    port = Some(number);
                }
                "--root-path" => root_path = value()?,
                name if app.is_none() && !name.starts_with('-') => app = Some(name.to_owned()),
                other => return Err(format!("`{other}` means nothing here")),
            }
        }
        match (app, port) {
            (Some(app), Some(port)) => Ok(Self {
                app,
                port,
                root_path,
            }),
            _ => Err("an app and a port are needed".to_owned()),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(mistake) => {
            eprintln!("{mistake}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let Some(app) = tutorial::apps::find(&arguments.app) else {
        eprintln!("no app is called `{}`", arguments.app);
        return ExitCode::from(2);
    };
    // Recorded redirects name the host.
    let app = app().compat(Compat::Exact);
    let mut app = app.address(format!("127.0.0.1:{}", arguments.port).as_str());
    if !arguments.root_path.is_empty() {
        app = app.root_path(arguments.root_path);
    }
    match app.quiet().serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", arguments.app);
            ExitCode::FAILURE
        }
    }
}
