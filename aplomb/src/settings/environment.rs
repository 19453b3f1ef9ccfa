//! [`Environment`]: where settings come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use super::error::{SettingsError, SettingsProblem};
use super::gather::{Gathered, Gatherer};
use super::{file, shape};
use crate::json::Value;
use crate::model::{Constraints, Location, Model, Problem, Problems};

/// Where settings come from, and how their variables are called.
///
/// What is found first holds: the variables of the process, then `.env` files, the last one first,
/// then a folder of secrets. For a model or a map that goes for each of its fields, whether they are
/// in JSON or in variables of their own.
///
/// | | pydantic-settings |
/// |---|---|
/// | [`prefix`](Self::prefix) | `env_prefix` |
/// | [`file`](Self::file) | `env_file` |
/// | [`secrets_dir`](Self::secrets_dir) | `secrets_dir` |
/// | [`nested_delimiter`](Self::nested_delimiter) | `env_nested_delimiter` |
/// | [`case_sensitive`](Self::case_sensitive) | `case_sensitive` |
/// | [`ignore_empty`](Self::ignore_empty) | `env_ignore_empty` |
///
/// A field with an alias goes by the alias, which the prefix does not touch. A list, a map or a model
/// is JSON; with a nested delimiter each field of a model may be a variable of its own:
///
/// ```
/// use aplomb::Model;
/// use aplomb::settings::Environment;
///
/// #[derive(Model)]
/// struct Database {
///     host: String,
///     #[field(default = 5432)]
///     port: u16,
/// }
///
/// #[derive(Model)]
/// struct Settings {
///     origins: Vec<String>,
///     database: Database,
/// }
///
/// let environment = Environment::of([
///     ("SHOP_ORIGINS", r#"["https://example.com"]"#),
///     ("SHOP_DATABASE", r#"{"host": "127.0.0.1"}"#),
///     ("SHOP_DATABASE__PORT", "5433"),
/// ]);
/// let settings: Settings = environment.prefix("SHOP_").nested_delimiter("__").load().unwrap();
/// assert_eq!(settings.origins, ["https://example.com"]);
/// assert_eq!((&*settings.database.host, settings.database.port), ("127.0.0.1", 5433));
/// ```
#[derive(Clone)]
pub struct Environment {
    variables: Option<Vec<(OsString, OsString)>>,
    prefix: String,
    files: Vec<PathBuf>,
    secrets_dir: Option<PathBuf>,
    nested_delimiter: Option<String>,
    case_sensitive: bool,
    ignore_empty: bool,
}

impl Environment {
    /// The variables of the process, as they are when settings are loaded.
    pub fn new() -> Self {
        Self {
            variables: None,
            prefix: String::new(),
            files: Vec::new(),
            secrets_dir: None,
            nested_delimiter: None,
            case_sensitive: false,
            ignore_empty: false,
        }
    }

    /// These variables instead of those of the process, for a test.
    pub fn of<N: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self {
            variables: Some(variables.collect()),
            ..Self::new()
        }
    }

    /// What the names of the variables begin with.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Adds a file of `NAME=value` lines, which need not be there; of several, the last one wins.
    ///
    /// Values stand without quotes up to ` #`, or between quotes, there over several lines too;
    /// `${NAME}` and `${NAME:-default}` mean what the file says before, else the variable of the
    /// process. Lines that say nothing are left out, with a warning. This is the grammar of
    /// python-dotenv.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(path.into());
        self
    }

    /// A folder whose files are called like variables and hold their values, as Docker has secrets;
    /// it need not be there.
    #[must_use]
    pub fn secrets_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.secrets_dir = Some(path.into());
        self
    }

    /// What stands between the name of a field and the name of a field in it.
    #[must_use]
    pub fn nested_delimiter(mut self, delimiter: impl Into<String>) -> Self {
        let delimiter = delimiter.into();
        self.nested_delimiter = (!delimiter.is_empty()).then_some(delimiter);
        self
    }

    /// Whether `A` and `a` are two names; they are one unless it is said.
    #[must_use]
    pub fn case_sensitive(mut self, sensitive: bool) -> Self {
        self.case_sensitive = sensitive;
        self
    }

    /// Whether an empty variable is as good as none.
    #[must_use]
    pub fn ignore_empty(mut self, ignore: bool) -> Self {
        self.ignore_empty = ignore;
        self
    }

    /// The settings.
    ///
    /// # Errors
    /// Everything that is missing or wrong.
    ///
    /// # Panics
    /// When `T` is not a struct with fields.
    pub fn load<T: Model>(&self) -> Result<T, SettingsError> {
        let fields = T::fields();
        assert!(
            !fields.is_empty(),
            "`{}` has no fields to read: settings are a struct with `#[derive(Model)]`",
            std::any::type_name::<T>(),
        );
        let mut found = Vec::new();
        let sources = self.read(&mut found);
        let schema = T::json_schema();
        let shapes = shape::Shapes::new(&schema);
        let mut gathered = Gathered::default();
        for variables in &sources {
            let mut gatherer = Gatherer {
                variables,
                shapes: &shapes,
                delimiter: self.nested_delimiter.as_deref().map(|text| self.fold(text)),
                fold: &|name| self.fold(name),
                problems: &mut found,
            };
            gatherer.gather(fields, &self.prefix, &mut gathered);
        }
        let mut problems = Problems::new();
        let settings = T::validate(
            &Value::Object(gathered.values),
            &Constraints::NONE,
            &mut problems,
        );
        for problem in problems.into_vec() {
            let place = self.place(&problem.location, &gathered.names);
            // A variable that could not be read is told of once.
            if !found.iter().any(|known| known.variable == place) {
                found.push(SettingsProblem {
                    variable: place,
                    message: message(problem),
                });
            }
        }
        match settings {
            Some(settings) if found.is_empty() => Ok(settings),
            _ => Err(SettingsError::new(found)),
        }
    }

    /// A name as names are compared.
    fn fold(&self, name: &str) -> String {
        match self.case_sensitive {
            true => name.to_owned(),
            false => name.to_lowercase(),
        }
    }

    /// The variables of each source by their folded names: what holds least comes first.
    fn read(&self, problems: &mut Vec<SettingsProblem>) -> [BTreeMap<String, Variable>; 3] {
        let mut process = match &self.variables {
            Some(variables) => variables.clone(),
            None => std::env::vars_os().collect(),
        };
        process.sort();
        let secrets = match &self.secrets_dir {
            Some(folder) => file::secrets(folder, problems),
            None => Vec::new(),
        };
        let files = self.read_files(&process, problems).into_iter();
        let files = files.map(|(name, text)| (name, Some(text)));
        let process = process
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok())));
        [
            self.by_name(secrets),
            self.by_name(files),
            self.by_name(process),
        ]
    }

    fn by_name(
        &self,
        variables: impl IntoIterator<Item = (String, Option<String>)>,
    ) -> BTreeMap<String, Variable> {
        let counts = |text: &Option<String>| !(self.ignore_empty && text.as_deref() == Some(""));
        let variables = variables.into_iter().filter(|(_, text)| counts(text));
        variables
            .map(|(name, text)| (self.fold(&name), Variable { name, text }))
            .collect()
    }

    /// What the files say together: in a later one, a name without a value takes an earlier one's.
    fn read_files(
        &self,
        process: &[(OsString, OsString)],
        problems: &mut Vec<SettingsProblem>,
    ) -> Vec<(String, String)> {
        let text = |text: &OsString| text.to_str().map(str::to_owned);
        let process = process
            .iter()
            .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
            .collect();
        let mut found = BTreeMap::new();
        for path in &self.files {
            for (name, value) in file::variables(path, &process, problems) {
                if !(self.ignore_empty && value.as_deref() == Some("")) {
                    found.insert(self.fold(&name), (name, value));
                }
            }
        }
        let found = found.into_values();
        found
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// Where a problem is, by the names of variables.
    fn place(&self, location: &[Location], names: &BTreeMap<String, String>) -> String {
        let mut steps = location.iter().map(|step| match step {
            Location::Name(name) => name.to_string(),
            Location::Index(index) => index.to_string(),
        });
        let first = steps.next().unwrap_or_default();
        let mut place = names.get(&first).cloned().unwrap_or(first);
        for step in steps {
            match &self.nested_delimiter {
                Some(delimiter) if self.case_sensitive => place.extend([delimiter.as_str(), &step]),
                Some(delimiter) => place.extend([delimiter.as_str(), &step.to_uppercase()]),
                None => place.extend([".", &step]),
            }
        }
        place
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::new()
    }
}

/// Without the variables given to it, which may hold secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Environment")
            .field("prefix", &self.prefix)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// A variable as it was found; one that is not text has none.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) text: Option<String>,
}

/// What is wrong, without what the variable holds.
fn message(problem: Problem) -> String {
    match &*problem.kind {
        "union_tag_invalid" => "Input tag is none of the expected ones".to_owned(),
        "byte_size_unit" => "could not interpret the unit of a size in bytes".to_owned(),
        "uuid_parsing" => "Input should be a valid UUID".to_owned(),
        "base64_decode" => "Input should be valid Base64".to_owned(),
        // Reasons of e-mail addresses quote them.
        "value_error"
            if problem
                .context
                .as_ref()
                .is_some_and(|context| context.contains_key("reason")) =>
        {
            "value is not a valid email address".to_owned()
        }
        _ => problem.message,
    }
}
