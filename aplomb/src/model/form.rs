//! How structs and files are read from a form.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Accepts, Constraints, Dump, Exactness, Field, Model, Place, Problems, python, shape};
use crate::http::{FormData, FormValue, UploadFile};
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::openapi::Schemas;

/// The key that holds the number of a file in its form.
const NUMBER: &str = "file";

/// What problems know of the form that is being read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    data: FormData,
    /// Whether the present value is the whole form.
    whole: bool,
}

impl Problems {
    /// Lets values be files of this form.
    pub(crate) fn read_form(&mut self, data: FormData) {
        self.form = Some(Box::new(Form { data, whole: false }));
    }

    /// Whether the present value is the whole form.
    pub(crate) fn is_whole_form(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.whole)
    }

    /// Says whether the value that is read next is the whole form.
    pub(crate) fn set_whole_form(&mut self, whole: bool) {
        if let Some(form) = &mut self.form {
            form.whole = whole;
        }
    }

    /// The file that a value stands for.
    pub(crate) fn file(&self, value: &Value) -> Option<&UploadFile> {
        let form = self.form.as_ref()?;
        let Value::Integer(number) = value.as_object()?.get(NUMBER)? else {
            return None;
        };
        form.data.numbered(usize::try_from(*number).ok()?)
    }
}

/// A form as an object: all values of a name are one, a list where there are several.
pub(crate) fn object(data: &FormData) -> Object {
    let mut object = Object::new();
    for (number, (name, value)) in data.iter().enumerate() {
        let value = self::value(number, value);
        match object.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![std::mem::take(first), value]),
            None => {
                object.insert(name.to_owned(), value);
            }
        }
    }
    object
}

/// The values of a name as a field takes them: all of them, or the last. Nothing if there is none,
/// an empty text where one is taken, or a file that nobody chose.
pub(crate) fn field(data: &FormData, name: &str, sequence: bool) -> Option<Value> {
    let chosen = |value: &FormValue| !value.as_file().is_some_and(UploadFile::is_empty);
    if sequence {
        let values = data.values(name).filter(|(_, value)| chosen(value));
        let values: Vec<Value> = values
            .map(|(number, value)| self::value(number, value))
            .collect();
        return (!values.is_empty()).then_some(Value::Array(values));
    }
    let (number, last) = data.values(name).last()?;
    let given = chosen(last) && last.as_text() != Some("");
    given.then(|| value(number, last))
}

/// A text as it is, a file as what is known of it.
fn value(number: usize, value: &FormValue) -> Value {
    match value {
        FormValue::Text(text) => Value::String(text.clone()),
        FormValue::File(file) => {
            let mut object = about(file);
            object.insert(NUMBER.to_owned(), number.into());
            Value::Object(object)
        }
    }
}

/// What is known of a file besides its content.
fn about(file: &UploadFile) -> Object {
    let headers = file.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), Value::from(&*value))
    });
    let size = i64::try_from(file.size()).unwrap_or(i64::MAX);
    let headers: Object = headers.collect();
    Object::from_iter([
        ("filename".to_owned(), file.filename().into()),
        ("size".to_owned(), size.into()),
        ("headers".to_owned(), headers.into()),
    ])
}

/// The whole form as a struct of these fields sees it, if the value is one: every field once, in
/// its shape, without what is empty; then the names that no field has.
pub fn members(value: &Value, fields: &'static [Field], problems: &mut Problems) -> Option<Value> {
    if !problems.is_whole_form() {
        return None;
    }
    problems.set_whole_form(false);
    let data = problems.form.as_ref().map(|form| &form.data)?;
    let mut known = HashSet::new();
    let mut object = Object::new();
    for field in fields.iter().filter(|field| !field.computed) {
        for name in field.names() {
            known.insert(name);
            if let Some(value) = self::field(data, name, field.sequence) {
                object.insert(name.to_owned(), value);
                break;
            }
        }
    }
    for (name, value) in value.as_object()? {
        if !known.contains(name.as_str()) {
            object.insert(name.clone(), value.clone());
        }
    }
    Some(Value::Object(object))
}

impl Model for UploadFile {
    const PLACE: Place = Place::File;
    const FILE: bool = true;
    const ACCEPTS: Accepts = Accepts::NONE;

    fn read(_: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
        Err(Refused)
    }

    fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Strict);
        if let Some(file) = problems.file(value) {
            return Some(file.clone());
        }
        let received = python::class(value);
        let message = format!("Value error, Expected UploadFile, received: <class '{received}'>");
        let context = Object::from_iter([("error".to_owned(), Value::Object(Object::new()))]);
        problems.report("value_error", message, value, Some(context));
        None
    }

    fn write(&self, writer: &mut Writer) {
        writer.value(&Value::Object(about(self)));
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        Value::Object(about(self))
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        let mut schema = shape::of_type("string");
        let media_type = "application/octet-stream".into();
        schema.insert("contentMediaType".to_owned(), media_type);
        schema
    }

    fn label() -> Cow<'static, str> {
        "function-plain[_validate()]".into()
    }
}
