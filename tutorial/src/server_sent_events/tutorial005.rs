//! Events that answer a body.

use aplomb::prelude::*;

#[derive(Model)]
struct Prompt {
    text: String,
}

#[post("/chat/stream", response_class = EventStream)]
async fn stream_chat(prompt: Prompt) -> impl Stream<Item = ServerSentEvent> {
    generate(async move |events| {
        for word in prompt.text.split_whitespace() {
            let token = ServerSentEvent::new().data(&word.to_owned()).event("token");
            events.send(token).await;
        }
        let done = ServerSentEvent::new().raw_data("[DONE]").event("done");
        events.send(done).await;
    })
}

pub fn app() -> App {
    App::new().routes(routes![stream_chat])
}
