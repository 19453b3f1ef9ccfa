use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aplomb::app::Lifespan;
use aplomb::prelude::*;

type Answer = fn(f64) -> f64;

fn fake_answer_to_everything_ml_model(x: f64) -> f64 {
    x * 42.0
}

#[derive(Clone, Default)]
struct MlModels(Arc<Mutex<HashMap<&'static str, Answer>>>);

impl MlModels {
    fn with<R>(&self, look: impl FnOnce(&mut HashMap<&'static str, Answer>) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[get("/predict")]
async fn predict(x: f64, ml_models: State<MlModels>) -> Result<Value> {
    let model = ml_models.with(|models| models.get("answer_to_everything").copied());
    let model = model.ok_or_else(|| std::io::Error::other("the model is not loaded"))?;
    Ok(json!({"result": model(x)}))
}

pub fn app() -> App {
    let ml_models = MlModels::default();
    App::new()
        .state(ml_models.clone())
        .routes(routes![predict])
        .lifespan(move |service: Lifespan| {
            let ml_models = ml_models.clone();
            async move {
                ml_models.with(|models| {
                    models.insert("answer_to_everything", fake_answer_to_everything_ml_model)
                });
                service.running().await;
                ml_models.with(HashMap::clear);
                Ok(())
            }
        })
}
