//! The command line that every service has.

use std::fs;
use std::path::PathBuf;

use aplomb::command::{CertReqs, Command, SslOptions, openapi_lock};
use aplomb::{dependency, prelude::*};

#[derive(Model)]
struct Item {
    name: String,
}

#[derive(Model)]
struct Filter {
    q: Option<String>,
    limit: Option<i64>,
}

struct Pool;

#[dependency]
async fn verify(#[header] x_token: String) -> String {
    x_token
}

#[dependency]
async fn user() -> String {
    "anna".to_owned()
}

#[get("/items/{item_id}")]
async fn read_item(
    item_id: i64,
    #[query] filter: Filter,
    #[query(alias = "item-query")] q: Option<String>,
    user: Depends<user>,
    pool: State<Pool>,
    request: Request,
) -> Value {
    let Pool = *pool;
    json!([
        item_id,
        filter.q,
        filter.limit,
        q,
        user.to_string(),
        request.path()
    ])
}

#[post("/items")]
async fn create_item(item: Item) -> Item {
    item
}

fn app() -> App {
    App::new().state(Pool).include(
        Router::new()
            .prefix("/v1")
            .depends::<verify>()
            .routes(routes![read_item, create_item])
            .mount_named("/static", StaticFiles::new("src"), "static")
            .frontend("/", "src"),
    )
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn routes_say_where_arguments_come_from() {
    assert_eq!(
        app().routes_table(),
        "\
GET   /v1/items/{item_id}  read_item    (verify), item_id: path, filter: query(q, limit), \
q: query(item-query), user: depends(user), pool: state(command::Pool), request: context
POST  /v1/items            create_item  (verify), item: body
*     /v1/static/*         static       mount
*     /v1/*                             frontend
"
    );
}

fn parsed(words: &[&str]) -> Result<Command, String> {
    Command::parse(words.iter().map(ToString::to_string)).map_err(|error| error.to_string())
}

#[test]
fn words_are_understood() {
    let serve = |host: Option<&str>, port, root_path: Option<&str>| Command::Serve {
        host: host.map(str::to_owned),
        port,
        root_path: root_path.map(str::to_owned),
        ssl: SslOptions::default(),
    };
    for (words, command) in [
        (vec![], serve(None, None, None)),
        (vec!["serve"], serve(None, None, None)),
        (vec!["--port", "80"], serve(None, Some(80), None)),
        (
            vec!["serve", "--host=0.0.0.0", "--root-path", "/api"],
            serve(Some("0.0.0.0"), None, Some("/api")),
        ),
        (
            vec![
                "--ssl-certfile",
                "c",
                "--ssl-ca-certs=a",
                "--ssl-cert-reqs",
                "1",
            ],
            Command::Serve {
                host: None,
                port: None,
                root_path: None,
                ssl: SslOptions {
                    certfile: Some("c".into()),
                    keyfile: None,
                    ca_certs: Some("a".into()),
                    cert_reqs: Some(CertReqs::Optional),
                },
            },
        ),
        (vec!["routes"], Command::Routes),
        (vec!["check"], Command::Check),
        (vec!["limits"], Command::Limits),
        (vec!["openapi"], Command::OpenApi),
        (
            vec!["openapi", "--write", "a"],
            Command::WriteOpenApi("a".into()),
        ),
        (
            vec!["openapi", "--check=a"],
            Command::CheckOpenApi("a".into()),
        ),
        (vec!["--help"], Command::Help),
    ] {
        assert_eq!(parsed(&words), Ok(command), "{words:?}");
    }
    for (words, problem) in [
        (vec!["sell"], "`sell` is not a command"),
        (
            vec!["routes", "--port", "1"],
            "`routes` has no option `--port`",
        ),
        (vec!["serve", "--port", "x"], "`x` is not a port"),
        (vec!["serve", "--port"], "`--port` needs a value"),
        (
            vec!["--ssl-cert-reqs", "3"],
            "`3` does not say whether clients need a certificate",
        ),
        (
            vec!["--ssl-keyfile-password", "x"],
            "keys are not decrypted",
        ),
        (
            vec!["check", "--ssl-keyfile", "k"],
            "`check` has no option `--ssl-keyfile`",
        ),
        (vec!["serve", "now"], "`now` is one word too many"),
        (
            vec!["openapi", "--check", "a", "--write", "a"],
            "`--write` and `--check` exclude each other",
        ),
    ] {
        let error = parsed(&words).expect_err("a problem");
        assert!(error.starts_with(problem), "{words:?}: {error}");
    }
}

#[tokio::test]
async fn a_document_that_was_written_is_the_same() {
    let file = file("written.json");
    let write = Command::WriteOpenApi(file.clone());
    app().run_command(write).await.expect("a file");
    let check = Command::CheckOpenApi(file.clone());
    app().run_command(check).await.expect("no difference");
    let text = fs::read_to_string(file).expect("a file");
    assert!(text.starts_with("{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\n"));
}

#[tokio::test]
async fn a_document_that_changed_is_refused_with_the_difference() {
    let file = file("changed.json");
    let write = Command::WriteOpenApi(file.clone());
    app().run_command(write).await.expect("a file");
    let changed = app().version("2").route::<create_item>();
    let error = openapi_lock(&changed, &file).expect_err("a difference");
    let text = error.to_string();
    assert!(
        text.contains("~ info.version: \"0.1.0\" -> \"2\""),
        "{text}"
    );
    assert!(text.contains("+ paths./items: {\"post\":"), "{text}");
    let check = Command::CheckOpenApi(file);
    assert!(changed.run_command(check).await.is_err());
}

#[tokio::test]
async fn a_file_that_is_none_is_told() {
    let error = openapi_lock(&app(), file("none.json")).expect_err("no file");
    assert!(error.to_string().contains("none.json"), "{error}");
    fs::write(file("bad.json"), "{").expect("a file");
    let error = openapi_lock(&app(), file("bad.json")).expect_err("no JSON");
    assert!(error.to_string().contains("is not JSON"), "{error}");
}

#[tokio::test]
#[should_panic(expected = "has no such state")]
async fn a_service_that_cannot_work_is_refused() {
    let app = App::new().routes(routes![read_item]);
    let _ = app.run_command(Command::Check).await;
}
