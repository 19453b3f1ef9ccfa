//! The routes of an application as a table for people.

use crate::app::App;
use crate::argument::Source;
use crate::operation::Parameter;
use crate::route::Route;

impl App {
    /// The routes as a table: methods, path, function, and where each argument comes from.
    ///
    /// Dependencies that run without an argument stand before the arguments, in parentheses. Mounts
    /// and frontends stand last, with `*` for what is below them.
    pub fn routes_table(&self) -> String {
        let routes = crate::app::documented_routes(self);
        let rows: Vec<[String; 4]> = routes
            .iter()
            .map(|documented| row(&documented.route))
            .chain(mounts(self))
            .collect();
        let width = |column: usize| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or_default()
        };
        let widths = [width(0), width(1), width(2)];
        let mut table = String::new();
        for [methods, path, name, arguments] in &rows {
            let [first, second, third] = widths;
            let line = format!("{methods:first$}  {path:second$}  {name:third$}  {arguments}");
            table.push_str(line.trim_end());
            table.push('\n');
        }
        table
    }
}

/// What answers below a prefix.
fn mounts(app: &App) -> Vec<[String; 4]> {
    let mounts = crate::app::mounts(app).into_iter();
    mounts
        .map(|(path, name, kind)| {
            let below = format!("{}/*", path.trim_end_matches('/'));
            ["*".to_owned(), below, name, kind.to_owned()]
        })
        .collect()
}

fn row(route: &Route) -> [String; 4] {
    let operation = &route.operation;
    let shared = route.inherited.dependencies.iter();
    let shared = shared.map(|definition| format!("({})", definition.name));
    let arguments = operation.parameters.iter().map(argument);
    [
        operation.methods.join(","),
        route.path.clone(),
        operation.name.to_owned(),
        shared.chain(arguments).collect::<Vec<_>>().join(", "),
    ]
}

fn argument(parameter: &Parameter) -> String {
    let name = parameter.field.name;
    let origin = match (parameter.source, parameter.definition()) {
        (Source::Parameter(place), _) => place_of(parameter, place.name()),
        (_, Some(definition)) if !definition.scopes.is_empty() => {
            format!(
                "security({}: {})",
                definition.name,
                definition.scopes.join(" ")
            )
        }
        (_, Some(definition)) => format!("depends({})", definition.name),
        _ => match (parameter.requires)() {
            Some(state) => format!("state({})", state.name),
            None => "context".to_owned(),
        },
    };
    format!("{name}: {origin}")
}

/// The place, with the name on the wire where that is another one.
fn place_of(parameter: &Parameter, place: &str) -> String {
    let group = (parameter.group)();
    if !group.is_empty() && place != "body" {
        let names: Vec<&str> = group.iter().map(|field| field.alias).collect();
        return format!("{place}({})", names.join(", "));
    }
    match parameter.field.alias == parameter.field.name {
        true => place.to_owned(),
        false => format!("{place}({})", parameter.field.alias),
    }
}
