//! [`Acceptor`]: nothing, in a program without TLS.

use std::io;
use std::sync::Arc;

use super::Tls;

/// What nobody can make.
#[derive(Debug)]
pub(in crate::serve) enum Acceptor {}

impl Acceptor {
    /// Says what the program lacks.
    pub(in crate::serve) fn new(tls: &Tls, _: usize) -> io::Result<Self> {
        let certificate = tls.certificate.display();
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!(
                "TLS is asked for, with the certificate {certificate}, and this program is built \
                 without it: `aplomb` has it by its feature `tls`"
            ),
        ))
    }

    pub(in crate::serve) fn keep_fresh(self: &Arc<Self>) {
        match **self {}
    }
}
