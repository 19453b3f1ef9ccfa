//! What an operation and its dependencies declare, in the order the document shows it.

use std::any::TypeId;
use std::collections::HashSet;
use std::sync::Arc;

use crate::depends::{DependencyDefinition, cache_scopes};
use crate::json::{Object, Value};
use crate::model::Place;
use crate::operation::Parameter;
use crate::route::{Pattern, Route};

/// What an operation and its dependencies declare: its own arguments first, then each
/// dependency's before those of the functions it depends on.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) parameters: Vec<&'static Parameter>,
    /// The names in the path.
    path: Vec<Arc<str>>,
    /// The security schemes: name, object, and the scopes asked for on the way to it.
    schemes: Vec<(String, Object, Vec<String>)>,
    visited: HashSet<(TypeId, Vec<String>)>,
}

impl Declared {
    pub(super) fn of(route: &Route) -> Self {
        let names = |pattern: Pattern| pattern.names().cloned().collect();
        let path = Pattern::new(&route.path).map(names).unwrap_or_default();
        let mut declared = Self {
            path,
            ..Self::default()
        };
        declared.parameters.extend(route.operation.parameters);
        for definition in &route.inherited.dependencies {
            declared.visit(definition, &[]);
        }
        declared.descend(route.operation.parameters, &[]);
        declared
    }

    fn descend(&mut self, parameters: &'static [Parameter], scopes: &[String]) {
        for parameter in parameters {
            if let Some(definition) = parameter.definition() {
                self.visit(&definition, scopes);
            }
        }
    }

    fn visit(&mut self, definition: &DependencyDefinition, scopes: &[String]) {
        let mut scopes = scopes.to_vec();
        for scope in &definition.scopes {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        let key = (definition.key, cache_scopes(definition, &scopes));
        if !self.visited.insert(key) {
            return;
        }
        self.parameters.extend(definition.parameters);
        if let Some(scheme) = definition.security {
            let (name, object) = scheme();
            self.schemes.push((name, object, scopes.clone()));
        }
        self.descend(definition.parameters, &scopes);
    }

    /// The parameters at one place, hidden ones too.
    pub(super) fn at(&self, place: Place) -> impl Iterator<Item = &'static Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| {
                let named = |name: &str| self.path.iter().any(|known| **known == *name);
                parameter.place_below(named) == Some(place)
            })
            .copied()
    }

    /// The parameters that make up the body.
    pub(super) fn body(&self) -> Vec<&'static Parameter> {
        let place = |parameter: &Parameter| {
            matches!(
                parameter.place(),
                Some(Place::Body | Place::Form | Place::File)
            )
        };
        let parameters = self.parameters.iter().copied();
        parameters.filter(|parameter| place(parameter)).collect()
    }

    /// Adds the security schemes to those of the document; the `security` of the operation.
    pub(super) fn security(&self, schemes: &mut Object) -> Vec<Value> {
        let mut asked: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, object, scopes) in &self.schemes {
            schemes.insert(name.clone(), Value::Object(object.clone()));
            let known = asked.iter().position(|(known, _)| known == name);
            let place = known.unwrap_or_else(|| {
                asked.push((name, Vec::new()));
                asked.len() - 1
            });
            for scope in scopes {
                if !asked[place].1.contains(&scope.as_str()) {
                    asked[place].1.push(scope);
                }
            }
        }
        let requirement = |(name, scopes): (&str, Vec<&str>)| Value::from_iter([(name, scopes)]);
        asked.into_iter().map(requirement).collect()
    }
}
