//! Which peers are believed when they speak for others.

use std::net::IpAddr;

use ipnet::IpNet;

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
    pub(super) fn client_of<'a>(&self, chain: &'a str) -> Option<&'a str> {
        let hosts = || chain.split(',').map(str::trim);
        let found = if self.all {
            None
        } else {
            hosts().rev().find(|host| !self.trusts(host))
        };
        found
            .or_else(|| hosts().next())
            .filter(|host| !host.is_empty())
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
        for (chain, client) in [
            ("testclient", Some("testclient")),
            ("1.2.3.4, 127.0.0.1", Some("1.2.3.4")),
            ("6.6.6.6, 1.2.3.4", Some("1.2.3.4")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("", None),
        ] {
            assert_eq!(proxies.client_of(chain), client, "{chain}");
        }
        assert_eq!(
            TrustedProxies::parse("*").client_of("6.6.6.6, 1.2.3.4"),
            Some("6.6.6.6")
        );
        assert_eq!(TrustedProxies::nobody().client_of("a, b"), Some("b"));
    }
}
