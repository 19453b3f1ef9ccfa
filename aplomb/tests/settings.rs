//! Settings: where they are looked for, how texts become values, and what is told of mistakes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use aplomb::model::SecretString;
use aplomb::prelude::*;
use aplomb::settings::{Environment, SettingsError};
use aplomb::testing::TestClient;

#[derive(Model, Clone, Debug)]
struct Settings {
    #[field(default = "Awesome API")]
    app_name: String,
    admin_email: String,
    #[field(default = 50)]
    items_per_user: i64,
}

/// A folder of one test, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("aplomb-settings-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn environment<const N: usize>(variables: [(&'static str, &'static str); N]) -> Environment {
    Environment::of(variables)
}

fn told(error: &SettingsError) -> Vec<(&str, &str)> {
    let problems = error.problems().iter();
    problems
        .map(|problem| (&*problem.variable, &*problem.message))
        .collect()
}

#[test]
fn names_have_no_case_and_texts_become_values() {
    for name in ["ADMIN_EMAIL", "admin_email", "Admin_Email"] {
        let settings: Settings = Environment::of([(name, "a@b.c"), ("items_PER_user", " 7 ")])
            .load()
            .unwrap();
        assert_eq!(settings.admin_email, "a@b.c");
        assert_eq!(settings.items_per_user, 7);
        assert_eq!(settings.app_name, "Awesome API");
    }
    let error = environment([("ADMIN_EMAIL", "a@b.c")])
        .case_sensitive(true)
        .load::<Settings>()
        .unwrap_err();
    assert_eq!(told(&error), [("admin_email", "Field required")]);
}

#[derive(Model, Debug, PartialEq)]
#[model(rename_all = "lowercase")]
enum Level {
    Debug,
    Info,
}

#[derive(Model, Debug)]
struct Kinds {
    on: bool,
    ratio: f64,
    level: Level,
    limit: Option<u32>,
    origins: Vec<String>,
    ports: BTreeSet<u16>,
    weights: BTreeMap<String, f64>,
    pair: (i64, bool),
    either: Option<Vec<i64>>,
    anything: Value,
}

#[test]
fn lists_and_maps_are_json_and_the_rest_is_text() {
    let kinds: Kinds = environment([
        ("ON", "yes"),
        ("RATIO", "1e-3"),
        ("LEVEL", "info"),
        ("LIMIT", "9"),
        ("ORIGINS", r#"["a", "b"]"#),
        ("PORTS", "[80, \"443\"]"),
        ("WEIGHTS", r#"{"a": 1, "b": "2.5"}"#),
        ("PAIR", "[1, \"off\"]"),
        ("EITHER", "[1]"),
        ("ANYTHING", "{}"),
    ])
    .load()
    .unwrap();
    assert!(kinds.on);
    assert_eq!(kinds.ratio, 1e-3);
    assert_eq!(kinds.level, Level::Info);
    assert_eq!(kinds.limit, Some(9));
    assert_eq!(kinds.origins, ["a", "b"]);
    assert_eq!(kinds.ports, BTreeSet::from([80, 443]));
    assert_eq!(kinds.weights["b"], 2.5);
    assert_eq!(kinds.pair, (1, false));
    assert_eq!(kinds.either, Some(vec![1]));
    assert_eq!(kinds.anything, "{}");
}

#[test]
fn everything_wrong_is_told_at_once_and_no_value_with_it() {
    let error = environment([
        ("ON", "s3cret"),
        ("RATIO", "s3cret"),
        ("LEVEL", "s3cret"),
        ("LIMIT", ""),
        ("ORIGINS", "s3cret"),
        ("PORTS", "[80, \"s3cret\"]"),
        ("WEIGHTS", "[\"s3cret\"]"),
        ("EITHER", "s3cret"),
        ("ANYTHING", "s3cret"),
    ])
    .load::<Kinds>()
    .unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("9 problems with the settings:"), "{text}");
    for (variable, message) in [
        (
            "ON",
            "Input should be a valid boolean, unable to interpret input",
        ),
        (
            "RATIO",
            "Input should be a valid number, unable to parse string as a number",
        ),
        ("LEVEL", "Input should be 'debug' or 'info'"),
        (
            "LIMIT",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        ("ORIGINS", "Input should be JSON"),
        (
            "PORTS.1",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        ("WEIGHTS", "Input should be a valid dictionary"),
        ("PAIR", "Field required"),
        ("EITHER", "Input should be a valid list"),
    ] {
        assert!(
            told(&error).contains(&(variable, message)),
            "{variable}: {text}"
        );
    }
    assert!(!text.contains("s3cret"), "{text}");
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[derive(Model, Debug)]
struct Database {
    host: String,
    #[field(default = 5432)]
    port: u16,
    #[field(default)]
    replicas: Vec<String>,
}

#[derive(Model, Debug)]
struct Nested {
    database: Database,
    #[field(default)]
    labels: BTreeMap<String, String>,
    second: Option<Database>,
    #[field(alias = "PLAIN_TOKEN")]
    token: Option<SecretString>,
}

#[test]
fn fields_of_models_are_json_or_variables_of_their_own() {
    let nested: Nested = environment([
        ("APP_DATABASE", r#"{"host": "a", "port": 1}"#),
        ("APP_DATABASE__PORT", "2"),
        ("app_database__Replicas", r#"["b"]"#),
        ("APP_LABELS__Blue", "7"),
        ("APP_SECOND__HOST", "c"),
        ("PLAIN_TOKEN", "t0ken"),
        ("APP_TOKEN", "ignored"),
    ])
    .prefix("APP_")
    .nested_delimiter("__")
    .load()
    .unwrap();
    assert_eq!((&*nested.database.host, nested.database.port), ("a", 2));
    assert_eq!(nested.database.replicas, ["b"]);
    assert_eq!(nested.labels["blue"], "7");
    assert_eq!(nested.second.unwrap().host, "c");
    assert_eq!(nested.token.unwrap().expose(), "t0ken");

    let error = environment([("DATABASE__PORT", "70000"), ("SECOND__PORT", "1")])
        .nested_delimiter("__")
        .load::<Nested>()
        .unwrap_err();
    let told = told(&error);
    assert_eq!(told[0], ("DATABASE__HOST", "Field required"));
    assert_eq!(told[1].0, "DATABASE__PORT");
    assert_eq!(told[2], ("SECOND__HOST", "Field required"));

    let absurd = format!("LABELS{}", "__A".repeat(10_000));
    let nested = Environment::of([("DATABASE__HOST", "a"), (&*absurd, "1")])
        .nested_delimiter("__")
        .load::<Nested>()
        .unwrap();
    assert!(nested.labels.is_empty());
}

#[test]
fn files_stand_below_the_environment_and_the_last_wins() {
    let folder = Folder::new();
    let first = folder.file(
        ".env",
        "\u{feff}# settings\nADMIN_EMAIL='first@example.com'\nexport ITEMS_PER_USER=1\nAPP_NAME=\"A B\" # why\n\nOTHER=1\n",
    );
    let second = folder.file(".env.prod", "admin_email=second@example.com\n");
    let settings: Settings = environment([("ITEMS_PER_USER", "3")])
        .file(&first)
        .file(&second)
        .file(folder.0.join("missing"))
        .load()
        .unwrap();
    assert_eq!(settings.app_name, "A B");
    assert_eq!(settings.admin_email, "second@example.com");
    assert_eq!(settings.items_per_user, 3);
}

/// What pydantic-settings 2.14 gives for the same.
#[test]
fn the_environment_stands_above_files_however_fields_are_written() {
    let folder = Folder::new();
    folder.file("labels", r#"{"a": "secret", "c": "secret"}"#);
    let load = |process: &[(&'static str, &'static str)], file: &str| {
        let file = folder.file(".env", file);
        let environment = Environment::of(process.to_vec()).file(file);
        let environment = environment.secrets_dir(&folder.0).nested_delimiter("__");
        environment.load::<Nested>().unwrap()
    };
    let nested = load(
        &[("DATABASE", r#"{"host": "process", "port": 1}"#)],
        "DATABASE__PORT=2\nDATABASE__REPLICAS=[\"file\"]\n",
    );
    assert_eq!(
        (&*nested.database.host, nested.database.port),
        ("process", 1)
    );
    assert_eq!(nested.database.replicas, ["file"]);
    let nested = load(
        &[("DATABASE__PORT", "1"), ("LABELS__A", "process")],
        "DATABASE={\"host\": \"file\", \"port\": 2}\nLABELS={\"b\": \"file\"}\n",
    );
    assert_eq!((&*nested.database.host, nested.database.port), ("file", 1));
    let labels = [("a", "process"), ("b", "file"), ("c", "secret")];
    let labels = labels.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(nested.labels, BTreeMap::from(labels));
}

#[derive(Model, Debug)]
#[model(populate_by_name)]
struct Aliased {
    #[field(validation_alias("REGION", "OLD_REGION"))]
    region: String,
    #[field(alias = "FOLDER", default = "none")]
    path: String,
}

#[test]
fn the_first_name_counts_within_one_source_and_the_own_name_has_the_prefix() {
    let folder = Folder::new();
    let file = folder.file(".env", "REGION=file\n");
    let environment = environment([("OLD_REGION", "process"), ("PATH", "/bin")]);
    let environment = environment.prefix("APP_").file(file);
    let settings: Aliased = environment.load().unwrap();
    assert_eq!((&*settings.region, &*settings.path), ("process", "none"));
    let environment = self::environment([("REGION", "a"), ("APP_PATH", "b")]).prefix("APP_");
    let settings: Aliased = environment.load().unwrap();
    assert_eq!((&*settings.region, &*settings.path), ("a", "b"));
}

#[test]
fn a_longer_name_takes_nothing_from_a_value() {
    let stray = [
        ("DATABASE__HOST", "a"),
        ("DATABASE__PORT", "1"),
        ("DATABASE__PORT__TCP", "2"),
    ];
    let nested: Nested = environment(stray).nested_delimiter("__").load().unwrap();
    assert_eq!(nested.database.port, 1);
    let empty = [("SECOND", r#"{"host": null}"#), ("SECOND__HOST", "b")];
    let both = environment([("DATABASE__HOST", "a"), empty[0], empty[1]]);
    let nested: Nested = both.nested_delimiter("__").load().unwrap();
    assert_eq!(nested.second.unwrap().host, "b");
}

#[test]
fn references_in_files_see_the_variables_given() {
    let folder = Folder::new();
    let first = folder.file(
        ".env",
        "APP_NAME=Awesome API\nADMIN_EMAIL=${USER_NAME:-nobody}@${HOST:-pa$word}\n\
         ITEMS_PER_USER=1\nthis is s3cret\n",
    );
    // A name without a value takes the one that an earlier file gave.
    let second = folder.file("second", "items_per_user\n");
    // `PATH` is a variable of every process.
    let third = folder.file("third", "APP_NAME='${PATH:-none} ${APP_NAME:-none}'");
    let load = |files: &[&PathBuf]| {
        let environment = environment([("USER_NAME", "ada")]);
        let with = files.iter().fold(environment, |all, file| all.file(file));
        with.load::<Settings>().expect("settings")
    };
    let settings = load(&[&first]);
    assert_eq!(settings.app_name, "Awesome API");
    assert_eq!(settings.admin_email, "ada@pa$word");
    assert_eq!(settings.items_per_user, 1);
    let settings = load(&[&first, &second, &third]);
    assert_eq!(settings.items_per_user, 50);
    assert_eq!(settings.app_name, "none none");
}

#[test]
fn broken_files_are_told() {
    let folder = Folder::new();
    let bytes = folder.file("bytes", b"ADMIN_EMAIL=\xff\xfe\n");
    let error = environment([]).file(&bytes).load::<Settings>().unwrap_err();
    assert_eq!(told(&error)[0].1, "the file is not text");
    let error = environment([])
        .file(&folder.0)
        .load::<Settings>()
        .unwrap_err();
    assert!(
        told(&error)[0].1.starts_with("the file cannot be read"),
        "{error}"
    );
}

#[test]
fn secrets_are_files_of_a_folder() {
    let folder = Folder::new();
    folder.file("admin_email", "secret@example.com\n");
    folder.file("ITEMS_PER_USER", "8");
    fs::create_dir(folder.0.join("app_name")).unwrap();
    let with = |variables| Environment::of(variables).secrets_dir(&folder.0);
    let settings: Settings = with(vec![("ITEMS_PER_USER", "9")]).load().unwrap();
    assert_eq!(settings.admin_email, "secret@example.com");
    assert_eq!(settings.items_per_user, 9);
    assert_eq!(settings.app_name, "Awesome API");
}

#[test]
fn empty_variables_count_unless_they_are_ignored() {
    let variables = [("ADMIN_EMAIL", ""), ("ITEMS_PER_USER", "")];
    let error = environment(variables).load::<Settings>().unwrap_err();
    assert_eq!(told(&error).len(), 1);
    let error = environment(variables)
        .ignore_empty(true)
        .load::<Settings>()
        .unwrap_err();
    assert_eq!(told(&error), [("ADMIN_EMAIL", "Field required")]);
}

#[cfg(unix)]
#[test]
fn variables_that_are_not_text_are_told() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;

    let bytes = OsString::from_vec(vec![0xff]);
    let environment = Environment::of([(OsString::from("ADMIN_EMAIL"), bytes)]);
    let error = environment.load::<Settings>().unwrap_err();
    let why = "Input should be text, and is not UTF-8";
    assert_eq!(told(&error), [("ADMIN_EMAIL", why)]);

    let bytes = |name: &str| (OsString::from(name), OsString::from_vec(vec![0xff]));
    let host = (OsString::from("DATABASE__HOST"), OsString::from("a"));
    let environment = Environment::of([host, bytes("DATABASE__PORT")]);
    let environment = environment.nested_delimiter("__");
    let error = environment.load::<Nested>().unwrap_err();
    assert_eq!(told(&error), [("DATABASE__PORT", why)]);
}

#[dependency]
async fn get_settings() -> Result<Settings> {
    Ok(environment([("ADMIN_EMAIL", "admin@example.com")]).load()?)
}

#[get("/info")]
async fn info(settings: Depends<get_settings>) -> Value {
    json!({
        "app_name": settings.app_name,
        "admin_email": settings.admin_email,
        "items_per_user": settings.items_per_user,
    })
}

#[test]
fn tests_override_the_dependency_that_loads_them() {
    let app = || App::new().routes(routes![info]);
    let expected = |email: &str| json!({"app_name": "Awesome API", "admin_email": email, "items_per_user": 50});
    let client = TestClient::new(app());
    let answer = client.get("/info").send();
    answer.assert_json(200, expected("admin@example.com"));

    let settings = environment([("ADMIN_EMAIL", "testing_admin@example.com")]).load();
    let overridden = app().override_value::<get_settings>(settings.unwrap());
    let answer = TestClient::new(overridden).get("/info").send();
    answer.assert_json(200, expected("testing_admin@example.com"));
}
