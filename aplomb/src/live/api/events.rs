//! The stream of what probes capture.

use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;

use super::Served;
use super::answers::LiveProbe;
use crate::error::Result;
use crate::generate::generate;
use crate::http::{Request, ServerSentEvent};
use crate::live::access::Rights;
use crate::live::asked::LiveKind;
use crate::live::event::Event;
use crate::live::probe::{Probe, State as ProbeState};
use crate::operation::{EventStream, ItemOrEvent};
use crate::state::State;

/// How often it is looked whether a probe has ended.
const LOOK: Duration = Duration::from_millis(200);
/// How often a sign of life is sent, so that the end of a listener is noticed.
const PING: Duration = Duration::from_secs(2);

/// A listener to a probe, which may end with the last of them.
struct Listener(Option<Arc<Probe>>);

impl Listener {
    fn new(probe: Option<Arc<Probe>>) -> Self {
        if let Some(probe) = &probe {
            probe.listens(true);
        }
        Self(probe)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(probe) = &self.0 {
            probe.listens(false);
        }
    }
}

/// What probes capture, as it comes: events called `log` and `snapshot`.
///
/// First come the events that are kept. A listener that is too slow is told by an event `dropped`
/// how many it has missed. The stream of one probe ends with an event `end`, which holds the probe.
#[aplomb_macros::get("/live/events", crate = crate, tags = ["events"])]
pub(super) async fn listen(
    probe: Option<String>,
    request: Request,
    served: State<Served>,
) -> Result<EventStream<impl Stream<Item = ItemOrEvent<Event>> + Send + use<>>> {
    served.access.demand(&request)?;
    let probe = match probe {
        Some(id) => match served.live.get(&id) {
            Some(probe) => Some(probe),
            None => return Err(super::no_probe(&id).into()),
        },
        None => None,
    };
    let stream = generate(async move |output| {
        let id = probe.as_ref().map(|probe| probe.id.clone());
        let listener = Listener::new(probe);
        let live = &served.live;
        let mut told = live.hub.listen();
        let mut come_to = None;
        loop {
            told.mark_unchanged();
            let ended = listener
                .0
                .as_ref()
                .is_some_and(|probe| probe.state() != ProbeState::Active);
            // Of a probe that has ended nothing comes after this.
            live.hub.deliver();
            while let Some(news) = live.hub.next(&mut come_to, id.as_deref()) {
                if news.missed > 0 {
                    let event = ServerSentEvent::new().event("dropped");
                    let event = event.raw_data(format!("{{\"missed\":{}}}", news.missed));
                    output.send(ItemOrEvent::Event(event)).await;
                }
                output.send(item(&news.event)).await;
            }
            if let (Some(probe), true) = (&listener.0, ended) {
                let end = LiveProbe::of(probe, live, Rights::Full).to_json();
                let event = ServerSentEvent::new().event("end");
                let event = event.raw_data(end.to_string());
                output.send(ItemOrEvent::Event(event)).await;
                return;
            }
            if tokio::time::timeout(LOOK, told.changed()).await.is_err() {
                live.tick();
            }
        }
    });
    Ok(EventStream::new(stream).ping_interval(PING))
}

fn item(event: &Event) -> ItemOrEvent<Event> {
    let name = match event.kind {
        LiveKind::Snapshot => "snapshot",
        LiveKind::Log | LiveKind::Metric | LiveKind::Level => "log",
    };
    let data = crate::live::definition::written(event).to_string();
    let event = ServerSentEvent::new()
        .event(name)
        .id(event.id.to_string())
        .raw_data(data);
    ItemOrEvent::Event(event)
}
