//! [`Figures`]: what a service has counted until now, and how it is doing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::failure::Failure;
use crate::instance::Instance;
use crate::traffic::Traffic;

/// What a service has counted until now, and how it is doing.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    told: Value,
    /// By method and path template.
    pub(crate) routes: BTreeMap<(String, String), Traffic>,
}

impl Figures {
    /// What an instance tells.
    ///
    /// # Errors
    /// When it does not, or tells something else.
    pub(crate) fn of(instance: &Instance) -> Result<Self, Failure> {
        let mut told = instance.get("/live/figures")?;
        let routes = told.get_mut("routes").map(Value::take);
        let routes = instance.objects(routes.unwrap_or_default())?;
        let bounds = told["bounds_ms"].as_array().into_iter().flatten();
        let bounds: Vec<f64> = bounds.filter_map(Value::as_f64).collect();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let routes = routes.iter().map(|route| {
            let name = (text(&route["method"]), text(&route["path"]));
            (name, Traffic::read(route, &bounds))
        });
        Ok(Self {
            routes: routes.collect(),
            told,
        })
    }

    /// A number by the members that lead to it: `/lanes/computing`.
    pub(crate) fn number(&self, pointer: &str) -> f64 {
        let number = self.told.pointer(pointer).and_then(Value::as_f64);
        number.unwrap_or_default()
    }

    /// A number of all who let requests in, or of the whole service's alone.
    pub(crate) fn admission(&self, name: &str, whole: bool) -> f64 {
        let scopes = self.told["admission"].as_array().into_iter().flatten();
        let meant = scopes.filter(|scope| !whole || scope["scope"] == "");
        meant.filter_map(|scope| scope[name].as_f64()).sum()
    }
}
