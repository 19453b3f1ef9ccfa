//! A status that the handler decides.

use std::collections::HashMap;

use aplomb::prelude::*;
use tokio::sync::Mutex;

type Tasks = Mutex<HashMap<String, String>>;

#[put("/get-or-create-task/{task_id}", status = 200)]
async fn get_or_create_task(
    task_id: String,
    response: ResponseParts,
    tasks: State<Tasks>,
) -> Value {
    let mut tasks = tasks.lock().await;
    let task = tasks.entry(task_id).or_insert_with(|| {
        response.status(201);
        "This didn't exist before".to_owned()
    });
    json!(task)
}

pub fn app() -> App {
    let task = ("foo".to_owned(), "Listen to the Bar Fighters".to_owned());
    App::new()
        .state(Tasks::new(HashMap::from([task])))
        .routes(routes![get_or_create_task])
}
