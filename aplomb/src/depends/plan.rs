//! The dependencies of one route, flattened at start-up into steps that run one after another.

use std::any::TypeId;
use std::collections::HashMap;

use super::{CleanupScope, DependencyDefinition, Shared};
use crate::operation::Parameter;
use crate::security::SecurityScopes;

/// Where the dependency arguments of one call find their values, in the order of the arguments.
pub(crate) type Inputs = Box<[usize]>;

/// One dependency to run.
#[derive(Debug)]
pub(crate) struct Step {
    /// What to run, overrides applied.
    pub(crate) definition: DependencyDefinition,
    /// Where its own dependencies' values are.
    pub(crate) inputs: Inputs,
    /// The scopes asked for on the way to it.
    pub(crate) scopes: SecurityScopes,
}

/// What runs before a handler, in order.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Where the handler's dependency arguments find their values.
    pub(crate) inputs: Inputs,
}

/// Stands in for a dependency: what to run instead, by the key of what it replaces.
pub(crate) type Overrides = HashMap<TypeId, DependencyDefinition>;

impl Plan {
    /// Flattens the dependencies of a route: those of the route and its routers first, then those
    /// the handler takes.
    ///
    /// # Panics
    /// When dependencies need each other in a circle; the message names the circle.
    pub(crate) fn new(
        shared: &[DependencyDefinition],
        parameters: &'static [Parameter],
        overrides: &Overrides,
    ) -> Self {
        let mut builder = Builder {
            overrides,
            steps: Vec::new(),
            ending: Vec::new(),
            cached: HashMap::new(),
            open: Vec::new(),
        };
        for definition in shared {
            builder.step(definition.clone(), false, &[]);
        }
        let inputs = builder.inputs(parameters, &[]);
        Self {
            steps: builder.steps,
            inputs,
        }
    }

    /// The arguments of every dependency and then of the handler, in the order they are read.
    pub(crate) fn parameters<'a>(
        &'a self,
        handler: &'static [Parameter],
    ) -> impl Iterator<Item = &'static Parameter> + 'a {
        self.steps
            .iter()
            .flat_map(|step| step.definition.parameters)
            .chain(handler)
    }

    /// A place for each step's value.
    pub(crate) fn values(&self) -> Vec<Option<Shared>> {
        self.steps.iter().map(|_| None).collect()
    }
}

/// The scopes asked for on the way to a dependency and where it is taken.
fn asked(outer: &[String], own: &[String]) -> Vec<String> {
    let mut all = outer.to_vec();
    for scope in own {
        if !all.contains(scope) {
            all.push(scope.clone());
        }
    }
    all
}

/// What keeps results of one dependency for different scopes apart.
pub(crate) fn cache_scopes(definition: &DependencyDefinition, asked: &[String]) -> Vec<String> {
    if !definition.uses_scopes() {
        return Vec::new();
    }
    let mut scopes = asked.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

struct Builder<'a> {
    overrides: &'a Overrides,
    steps: Vec<Step>,
    /// For each step: the first of it and those below it that ends before the response.
    ending: Vec<Option<&'static str>>,
    /// By function and, where they make a difference, the scopes it is asked for.
    cached: HashMap<(TypeId, Vec<String>), usize>,
    open: Vec<(TypeId, &'static str)>,
}

impl Builder<'_> {
    /// The steps of the dependencies among these arguments of a function that `scopes` are asked
    /// for.
    fn inputs(&mut self, parameters: &'static [Parameter], scopes: &[String]) -> Inputs {
        parameters
            .iter()
            .filter_map(|parameter| Some((parameter, parameter.definition()?)))
            .map(|(parameter, definition)| self.step(definition, parameter.no_cache, scopes))
            .collect()
    }

    /// The step of a dependency; `outer` are the scopes asked for by whoever takes it.
    fn step(
        &mut self,
        definition: DependencyDefinition,
        no_cache: bool,
        outer: &[String],
    ) -> usize {
        let asked = asked(outer, &definition.scopes);
        let key = (definition.key, cache_scopes(&definition, &asked));
        if let (Some(index), false) = (self.cached.get(&key), no_cache) {
            return *index;
        }
        if let Some(start) = self
            .open
            .iter()
            .position(|(open, _)| *open == definition.key)
        {
            let circle: Vec<&str> = self.open[start..].iter().map(|(_, name)| *name).collect();
            panic!(
                "dependencies need each other in a circle: {} -> {}",
                circle.join(" -> "),
                definition.name
            );
        }
        self.open.push((definition.key, definition.name));
        let (definition, scopes) = match self.overrides.get(&definition.key) {
            Some(replacement) => (replacement.clone(), asked.clone()),
            // As FastAPI hands them down: a scope that is asked for twice is there twice.
            None => {
                let scopes = [outer, &definition.scopes].concat();
                (definition, scopes)
            }
        };
        let inputs = self.inputs(definition.parameters, &scopes);
        self.open.pop();
        let ending = self.ending(&definition, &inputs);
        let index = self.steps.len();
        self.ending.push(ending);
        self.steps.push(Step {
            definition,
            inputs,
            scopes: SecurityScopes::new(asked),
        });
        // Also what ran for one argument alone: whoever asks later shares it, as in FastAPI.
        self.cached.entry(key).or_insert(index);
        index
    }

    /// The first of this dependency and those below it that ends before the response.
    ///
    /// # Panics
    /// When this one cleans up after the response, and so needs what is gone by then.
    fn ending(&self, definition: &DependencyDefinition, inputs: &[usize]) -> Option<&'static str> {
        let below = inputs.iter().find_map(|index| *self.ending.get(*index)?);
        if !definition.cleans_up() {
            return below;
        }
        match (definition.scope, below) {
            (CleanupScope::Function, _) => Some(definition.name),
            (CleanupScope::Request, Some(ended)) => panic!(
                "dependency `{0}` cleans up after the response and needs `{1}`, which ends before \
                 it: put `#[dependency(scope = \"function\")]` on `{0}`, or take it off `{1}`",
                definition.name, ended,
            ),
            (CleanupScope::Request, None) => None,
        }
    }
}
