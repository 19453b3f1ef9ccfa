//! IP interfaces: an address together with the network it is in.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::address::{addresses, label};
use super::{network, rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Constraints, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

macro_rules! interfaces {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl Deref for $name {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}", self.0)
            }
        }
    )*};
}

interfaces! {
    /// An IPv4 address and its network, such as `192.0.2.5/24`.
    Ipv4Interface(Ipv4Net);
    /// An IPv6 address and its network, such as `2001:db8::5/64`.
    Ipv6Interface(Ipv6Net);
    /// An address of either kind and its network.
    IpInterface(IpNet);
}

fn v4(value: &Value) -> Option<Ipv4Interface> {
    network::v4_interface(value).map(Ipv4Interface)
}

fn v6(value: &Value) -> Option<Ipv6Interface> {
    network::v6_interface(value).map(Ipv6Interface)
}

fn any(value: &Value) -> Option<IpInterface> {
    let v4 = network::v4_interface(value).map(IpNet::V4);
    v4.or_else(|| network::v6_interface(value).map(IpNet::V6))
        .map(IpInterface)
}

addresses! {
    Ipv4Interface: v4, "ip_v4_interface", "Input is not a valid IPv4 interface", "ipv4interface",
        label("ip_v4_interface", "IPv4Interface");
    Ipv6Interface: v6, "ip_v6_interface", "Input is not a valid IPv6 interface", "ipv6interface",
        label("ip_v6_interface", "IPv6Interface");
    IpInterface: any, "ip_any_interface", "value is not a valid IPv4 or IPv6 interface",
        "ipvanyinterface", "function-plain[_validate()]";
}
