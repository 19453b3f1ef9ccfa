//! [`Reach`]: which instances a command asks.

mod kubernetes;

use std::net::{SocketAddr, ToSocketAddrs};

use clap::Args;

use crate::failure::Failure;
use crate::instance::{Instance, with_port};
use crate::screen;
use kubernetes::Forwarded;

/// Which instances a command asks.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reach {
    /// Management listener: `http://host:port`, `host:port` or `unix:/path`; several are asked
    /// together
    #[arg(
        long,
        global = true,
        env = "APLOMB_LIVE",
        value_delimiter = ',',
        value_name = "ADDRESS",
        default_value = "http://127.0.0.1:9000"
    )]
    at: Vec<String>,
    /// Ask every address behind each name of `--at`
    #[arg(long, global = true)]
    all: bool,
    /// Ask every address behind a DNS name, such as that of a headless service
    #[arg(long, global = true, value_name = "NAME[:PORT]")]
    dns: Vec<String>,
    /// Ask every pod of `deploy/name`, or of a selector such as `app=orders`, through `kubectl`
    #[arg(long, global = true, value_name = "SELECTOR")]
    kubernetes: Vec<String>,
    /// The namespace of the pods
    #[arg(long, global = true, value_name = "NAME", requires = "kubernetes")]
    namespace: Option<String>,
    /// The port of the management listener in the pods
    #[arg(long, global = true, value_name = "PORT", default_value_t = 9000)]
    pod_port: u16,
    /// What lets one set probes and see values from elsewhere
    #[arg(
        long,
        global = true,
        env = "LIVE_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    token: Option<String>,
}

/// The instances, and what leads to them as long as they are asked.
pub(crate) struct Reached {
    pub(crate) instances: Vec<Instance>,
    /// How many more there are, to which no way leads.
    pub(crate) missed: usize,
    _forwarded: Vec<Forwarded>,
}

impl Reach {
    /// Finds the instances, and tells of those to which no way leads.
    ///
    /// # Errors
    /// When an address makes no sense, nothing is behind a name, or no way leads to any.
    pub(crate) fn find(&self) -> Result<Reached, Failure> {
        let token = self.token.as_deref();
        let mut instances = Vec::new();
        let mut forwarded = Vec::new();
        let mut missed = Vec::new();
        let elsewhere = !(self.dns.is_empty() && self.kubernetes.is_empty());
        for address in self.at.iter().filter(|_| !elsewhere) {
            match self.all && !address.starts_with("unix:") {
                true => {
                    for address in behind(address)? {
                        instances.push(Instance::new(&address.to_string(), None, token)?);
                    }
                }
                false => instances.push(Instance::new(address, None, token)?),
            }
        }
        for name in &self.dns {
            for address in behind(name)? {
                instances.push(Instance::new(&address.to_string(), None, token)?);
            }
        }
        for selector in &self.kubernetes {
            for pod in kubernetes::forward(selector, self.namespace.as_deref(), self.pod_port)? {
                match pod {
                    Ok(pod) => {
                        instances.push(Instance::new(&pod.address, Some(&pod.name), token)?);
                        forwarded.push(pod);
                    }
                    Err(failure) => missed.push(failure),
                }
            }
        }
        for message in missed.iter().filter_map(Failure::message) {
            eprintln!("{}", screen::lines(message));
        }
        if instances.is_empty() && !missed.is_empty() {
            return Err(Failure::Partial);
        }
        Ok(Reached {
            instances,
            missed: missed.len(),
            _forwarded: forwarded,
        })
    }
}

/// Every address behind a name.
fn behind(name: &str) -> Result<Vec<SocketAddr>, Failure> {
    let host = match name.strip_prefix("http://") {
        // The port that a URL means.
        Some(host) if !host.trim_end_matches('/').contains(':') => {
            format!("{}:80", host.trim_end_matches('/'))
        }
        Some(host) => host.trim_end_matches('/').to_owned(),
        None => with_port(name),
    };
    if host.contains("://") {
        let message = format!(
            "{name}: certificates are of names, so only http:// reaches all addresses of one"
        );
        return Err(Failure::Usage(message));
    }
    let found = host.to_socket_addrs();
    let found = found.map_err(|error| Failure::Unreachable(format!("{name}: {error}")))?;
    let mut addresses: Vec<SocketAddr> = found.collect();
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_addresses() {
        let addresses = behind("127.0.0.1").expect("an address");
        assert_eq!(addresses, ["127.0.0.1:9000".parse().expect("an address")]);
        for (name, address) in [
            ("http://127.0.0.1:81/", "127.0.0.1:81"),
            ("http://127.0.0.1/", "127.0.0.1:80"),
            ("::1", "[::1]:9000"),
            ("[::1]", "[::1]:9000"),
            ("[::1]:81", "[::1]:81"),
        ] {
            let addresses = behind(name).expect("an address");
            assert_eq!(addresses, [address.parse().expect("an address")], "{name}");
        }
        assert!(behind("https://127.0.0.1").is_err());
    }
}
