//! As much of GraphQL as selects fields: `{ user { name years: age } }`.

use aplomb::{Value, json};

/// How deep selections may be inside each other.
const DEPTH: usize = 32;

/// An object type: its fields, and the types of those that are objects.
pub struct Type {
    pub name: &'static str,
    pub fields: &'static [(&'static str, Option<&'static Self>)],
}

/// One selected field: the key it is answered under, its name, and what is selected of it.
struct Field {
    key: String,
    name: String,
    selection: Vec<Field>,
}

/// The answer to a query: the selected part of the data, or what is wrong with the query.
pub fn execute(query: &str, root: &Type, data: &Value) -> Value {
    let selected = parse(query).and_then(|selection| select(&selection, root, data));
    match selected {
        Ok(data) => json!({"data": data}),
        Err(message) => json!({"data": null, "errors": [{"message": message}]}),
    }
}

fn select(selection: &[Field], object: &Type, data: &Value) -> Result<Value, String> {
    let mut selected = json!({});
    for Field {
        key,
        name,
        selection,
    } in selection
    {
        let value = match object.fields.iter().find(|(field, _)| field == name) {
            _ if name == "__typename" => Value::from(object.name),
            None => {
                let object = object.name;
                return Err(format!("Cannot query field '{name}' on type '{object}'."));
            }
            Some((_, Some(_))) if selection.is_empty() => {
                return Err(format!(
                    "Field '{name}' must have a selection of subfields."
                ));
            }
            Some((_, None)) if !selection.is_empty() => {
                return Err(format!("Field '{name}' must not have a selection."));
            }
            Some((_, Some(object))) => select(selection, object, &data[name.as_str()])?,
            Some((_, None)) => data[name.as_str()].clone(),
        };
        if let Some(selected) = selected.as_object_mut() {
            selected.insert(key.clone(), value);
        }
    }
    Ok(selected)
}

fn parse(query: &str) -> Result<Vec<Field>, String> {
    let mut words = words(query).into_iter().peekable();
    if words.peek().is_some_and(|word| *word == "query") {
        words.next();
        words.next_if(|word| is_name(word));
    }
    match words.next() {
        Some("{") => {}
        other => return Err(unexpected(other)),
    }
    let selection = fields(&mut words, DEPTH)?;
    match words.next() {
        None => Ok(selection),
        other => Err(unexpected(other)),
    }
}

type Words<'q> = std::iter::Peekable<std::vec::IntoIter<&'q str>>;

/// Fields up to the brace that closes them.
fn fields(words: &mut Words<'_>, depth: usize) -> Result<Vec<Field>, String> {
    if depth == 0 {
        return Err("Syntax Error: Selections are too deep.".to_owned());
    }
    let mut fields = Vec::new();
    loop {
        let key = match words.next() {
            Some("}") if !fields.is_empty() => return Ok(fields),
            Some(name) if is_name(name) => name,
            other => return Err(unexpected(other)),
        };
        let name = match words.next_if_eq(&":").and_then(|_| words.next()) {
            None => key,
            Some(name) if is_name(name) => name,
            other => return Err(unexpected(other)),
        };
        let selection = match words.next_if_eq(&"{") {
            Some(_) => self::fields(words, depth - 1)?,
            None => Vec::new(),
        };
        fields.push(Field {
            key: key.to_owned(),
            name: name.to_owned(),
            selection,
        });
    }
}

/// Names and signs; blanks and commas only part them, and a comment ends with its line.
fn words(query: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for line in query.lines() {
        let mut rest = line.split('#').next().unwrap_or_default();
        while let Some(first) = rest.chars().next() {
            let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let end = match name.unwrap_or(rest.len()) {
                0 => first.len_utf8(),
                end => end,
            };
            let (word, after) = rest.split_at(end);
            if !first.is_whitespace() && first != ',' {
                words.push(word);
            }
            rest = after;
        }
    }
    words
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

fn unexpected(word: Option<&str>) -> String {
    match word {
        Some(word) => format!("Syntax Error: Unexpected '{word}'."),
        None => "Syntax Error: Unexpected <EOF>.".to_owned(),
    }
}
