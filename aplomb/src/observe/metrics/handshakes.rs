//! How handshakes of TLS went.

use super::sink::{Kind, Sink};
use crate::serve::{Handshake, handshakes};

pub(super) fn write(sink: &mut dyn Sink) {
    let name = "aplomb_tls_handshakes_total";
    let help = "Handshakes of TLS that are over, by how: the client left, or one took too long.";
    sink.metric(name, Kind::Counter, help);
    for how in Handshake::ALL {
        sink.sample(&[("outcome", how.name())], handshakes(how));
    }
}
