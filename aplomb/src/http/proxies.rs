//! Which peers are believed when they speak for others.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Client;

/// The proxies whose `x-forwarded-proto` and `x-forwarded-for` are believed; by default those on
/// this machine.
///
/// ```
/// use aplomb::http::TrustedProxies;
///
/// let proxies = TrustedProxies::parse("10.0.0.0/8, ::1, balancer");
/// assert!(proxies.trusts("10.1.2.3") && proxies.trusts("balancer"));
/// assert!(!proxies.trusts("192.168.0.1"));
/// ```
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    all: bool,
    networks: Vec<IpNet>,
    names: Vec<String>,
}

impl TrustedProxies {
    /// The proxies of a comma-separated list of addresses, networks and names; `*` is everyone.
    pub fn parse(list: &str) -> Self {
        let mut proxies = Self::nobody();
        for entry in list
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            if entry == "*" {
                proxies.all = true;
            } else if let Ok(address) = entry.parse::<IpAddr>() {
                proxies.networks.push(address.into());
            } else if let Ok(network) = entry.parse() {
                proxies.networks.push(network);
            } else {
                proxies.names.push(entry.to_owned());
            }
        }
        proxies
    }

    /// Believes nobody.
    pub fn nobody() -> Self {
        Self {
            all: false,
            networks: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Whether this host, an address or a name, is believed.
    pub fn trusts(&self, host: &str) -> bool {
        self.all
            || match host.parse::<IpAddr>() {
                Ok(address) => self.trusts_address(address),
                Err(_) => self.names.iter().any(|name| name == host),
            }
    }

    /// Whether the host at this address is believed.
    pub fn trusts_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.all
            || self
                .networks
                .iter()
                .any(|network| network.contains(&address))
    }

    /// The client behind a chain of hosts: the last that is not itself a proxy.
    pub(super) fn client_of(&self, chain: &str) -> Option<Client> {
        let hosts = || chain.split(',').map(|host| host_and_port(host.trim()));
        let found = if self.all {
            None
        } else {
            hosts().rev().find(|(host, _)| !self.trusts(host))
        };
        let (host, port) = found.or_else(|| hosts().next())?;
        (!host.is_empty()).then(|| Client {
            host: host.to_owned(),
            port,
        })
    }
}

/// An address and its port, 0 without one; what is neither stays as it is.
fn host_and_port(text: &str) -> (&str, u16) {
    let (host, rest) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((host, "")) => return (host, 0),
        Some((host, rest)) => match rest.strip_prefix(':') {
            Some(port) => return (host, port.parse().unwrap_or(0)),
            None => return (text, 0),
        },
        None => match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => (host, port),
            _ => return (text, 0),
        },
    };
    match rest.parse() {
        Ok(port) => (host, port),
        Err(_) => (text, 0),
    }
}

impl Default for TrustedProxies {
    fn default() -> Self {
        Self::parse("127.0.0.1,::1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_client_in_the_chain() {
        let proxies = TrustedProxies::default();
        let client = |proxies: &TrustedProxies, chain: &str| {
            let client = proxies.client_of(chain);
            client.map(|client| (client.host, client.port))
        };
        for (chain, host, port) in [
            ("testclient", "testclient", 0),
            ("1.2.3.4, 127.0.0.1", "1.2.3.4", 0),
            ("6.6.6.6, 1.2.3.4", "1.2.3.4", 0),
            ("127.0.0.1", "127.0.0.1", 0),
            ("1.2.3.4:5678, 127.0.0.1:1", "1.2.3.4", 5678),
            ("1.2.3.4:x", "1.2.3.4:x", 0),
            ("[2001:db8::1]:443, ::1", "2001:db8::1", 443),
            ("[2001:db8::1], [::1]", "2001:db8::1", 0),
            ("2001:db8::1", "2001:db8::1", 0),
            ("[2001:db8::1", "[2001:db8::1", 0),
            ("[::1]x", "[::1]x", 0),
        ] {
            let found = client(&proxies, chain);
            assert_eq!(found, Some((host.to_owned(), port)), "{chain}");
        }
        assert_eq!(client(&proxies, ""), None);
        assert_eq!(client(&proxies, "1.2.3.4, "), None);
        let all = client(&TrustedProxies::parse("*"), "6.6.6.6:7, 1.2.3.4");
        assert_eq!(all, Some(("6.6.6.6".to_owned(), 7)));
        let nobody = client(&TrustedProxies::nobody(), "a, b");
        assert_eq!(nobody, Some(("b".to_owned(), 0)));
    }
}
