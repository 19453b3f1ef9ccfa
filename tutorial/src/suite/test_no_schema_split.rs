//! Models whose schemas are the same in requests and in answers.

use aplomb::prelude::*;

#[derive(Clone, Copy, Default, Model)]
#[model(rename_all = "lowercase")]
enum MessageEventType {
    #[default]
    Alpha,
    Beta,
}

#[derive(Model)]
struct MessageEvent {
    #[field(default = MessageEventType::Alpha)]
    event_type: MessageEventType,
    output: String,
}

#[derive(Model)]
struct MessageOutput {
    #[field(default = "")]
    body: String,
    #[field(default)]
    events: Vec<MessageEvent>,
}

#[derive(Model)]
struct Message {
    input: String,
    output: MessageOutput,
}

#[post("/messages")]
async fn create_message(input_message: String) -> Message {
    Message {
        output: MessageOutput {
            body: format!("Processed: {input_message}"),
            events: Vec::new(),
        },
        input: input_message,
    }
}

pub fn app() -> App {
    App::new()
        .title("Minimal FastAPI App")
        .version("1.0.0")
        .routes(routes![create_message])
}
