//! The dependencies of one route, flattened at start-up into steps that run one after another.

use std::any::TypeId;
use std::collections::HashMap;

use super::{CleanupScope, DependencyDefinition, Shared};
use crate::operation::Parameter;

/// Where the dependency arguments of one call find their values, in the order of the arguments.
pub(crate) type Inputs = Box<[usize]>;

/// One dependency to run.
#[derive(Debug)]
pub(crate) struct Step {
    /// What to run, overrides applied.
    pub(crate) definition: DependencyDefinition,
    /// Where its own dependencies' values are.
    pub(crate) inputs: Inputs,
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
            cached: HashMap::new(),
            open: Vec::new(),
        };
        for definition in shared {
            builder.step(definition.clone(), false);
        }
        let inputs = builder.inputs(parameters);
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

struct Builder<'a> {
    overrides: &'a Overrides,
    steps: Vec<Step>,
    /// By function and the security scopes it is asked for.
    cached: HashMap<(TypeId, &'static [&'static str]), usize>,
    open: Vec<(TypeId, &'static str)>,
}

impl Builder<'_> {
    fn inputs(&mut self, parameters: &'static [Parameter]) -> Inputs {
        parameters
            .iter()
            .filter_map(|parameter| Some((parameter, (parameter.dependency)()?)))
            .map(|(parameter, definition)| self.step(definition, parameter.no_cache))
            .collect()
    }

    fn step(&mut self, definition: DependencyDefinition, no_cache: bool) -> usize {
        let key = (definition.key, definition.scopes);
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
        let definition = self
            .overrides
            .get(&definition.key)
            .cloned()
            .unwrap_or(definition);
        let inputs = self.inputs(definition.parameters);
        self.open.pop();
        self.check_scope(&definition, &inputs);
        let index = self.steps.len();
        self.steps.push(Step { definition, inputs });
        if !no_cache {
            self.cached.insert(key, index);
        }
        index
    }

    /// Clean-up after the response must not need what is gone before the response.
    fn check_scope(&self, definition: &DependencyDefinition, inputs: &[usize]) {
        if definition.scope == CleanupScope::Request
            && definition.cleans_up()
            && let Some(ended) = self.ends_early(inputs)
        {
            panic!(
                "dependency `{0}` cleans up after the response and needs `{1}`, which ends before \
                 it: put `#[dependency(scope = \"function\")]` on `{0}`, or take it off `{1}`",
                definition.name, ended,
            );
        }
    }

    /// The first dependency among these, and those below them, that ends before the response.
    fn ends_early(&self, inputs: &[usize]) -> Option<&'static str> {
        inputs.iter().find_map(|index| {
            let Step { definition, inputs } = self.steps.get(*index)?;
            if definition.scope == CleanupScope::Function && definition.cleans_up() {
                return Some(definition.name);
            }
            self.ends_early(inputs)
        })
    }
}
