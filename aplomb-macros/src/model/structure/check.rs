//! Refuses structs whose members would get in each other's way.

use super::Structure;
use crate::errors::Errors;
use crate::model::container::Extra;

impl Structure<'_> {
    pub(super) fn check(&self, errors: &mut Errors) {
        let mut rests = self.fields.iter().filter(|field| field.extra);
        match (rests.next(), rests.next(), self.container.entry("extra")) {
            (Some(_), Some(second), _) => errors.at(
                second.ident,
                "two fields cannot both keep the unknown members; keep one `#[field(extra)]`",
            ),
            (None, _, Some(entry)) if self.extra == Extra::Allow => errors.at(
                entry,
                "unknown members need a field to be kept in; add `#[field(extra)] rest: aplomb::json::Object`",
            ),
            (Some(_), _, Some(entry)) if self.extra != Extra::Allow => errors.at(
                entry,
                "`#[field(extra)]` keeps unknown members, which this leaves out; write `extra = \"allow\"`",
            ),
            _ => {}
        }
        let mut read: Vec<&str> = self.constants().iter().map(|(name, _)| &**name).collect();
        let mut written = read.clone();
        for field in self.wire() {
            // Only first names are kept apart: fields may share what they are read under else.
            let alias = Some(field.alias.as_str()).filter(|_| field.is_read());
            let name = Some(field.serialization_alias.as_str()).filter(|_| !field.write_only);
            let how = match (alias, name) {
                (Some(alias), _) if read.contains(&alias) => Some(("read", alias)),
                (_, Some(name)) if written.contains(&name) => Some(("written", name)),
                _ => None,
            };
            if let Some((how, name)) = how {
                errors.at(
                    field.ident,
                    format!("another member is {how} under the name `{name}` already; give one of them another alias"),
                );
            }
            read.extend(alias);
            written.extend(name);
        }
        for (computed, name) in self.computed() {
            if written.contains(&name.as_str()) {
                errors.at(
                    &computed.name,
                    format!("another member is written under the name `{name}` already; give one of them another name"),
                );
            }
        }
    }
}
