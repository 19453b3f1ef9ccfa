//! IP networks: an address whose bits behind the prefix are all zero.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::address::{self, addresses, label};
use super::{rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Constraints, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

fn digits(text: &str) -> Option<u8> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A prefix length, or the mask of a network or of its hosts.
fn prefix(text: &str) -> Option<u8> {
    if let Some(length) = digits(text) {
        return Some(length);
    }
    let mask = u32::from(text.parse::<Ipv4Addr>().ok()?);
    let is_network = mask.leading_ones() + mask.trailing_zeros() == 32;
    let is_hosts = mask.leading_zeros() + mask.trailing_ones() == 32;
    match (is_network, is_hosts) {
        (true, _) => Some(mask.leading_ones() as u8),
        (_, true) => Some(mask.leading_zeros() as u8),
        _ => None,
    }
}

/// The address of a value and the length of its prefix, if it has one.
pub(super) fn v4_interface(value: &Value) -> Option<Ipv4Net> {
    let Value::String(text) = value else {
        return Some(address::v4(value)?.into());
    };
    match text.split_once('/') {
        Some((address, mask)) => Ipv4Net::new(address.parse().ok()?, prefix(mask)?).ok(),
        None => Some(text.parse::<Ipv4Addr>().ok()?.into()),
    }
}

/// The address of a value and the length of its prefix, if it has one.
pub(super) fn v6_interface(value: &Value) -> Option<Ipv6Net> {
    let Value::String(text) = value else {
        return Some(address::v6(value)?.into());
    };
    match text.split_once('/') {
        Some((address, length)) => Ipv6Net::new(address.parse().ok()?, digits(length)?).ok(),
        None => Some(text.parse::<std::net::Ipv6Addr>().ok()?.into()),
    }
}

fn v4(value: &Value) -> Option<Ipv4Net> {
    v4_interface(value).filter(|net| net.addr() == net.network())
}

fn v6(value: &Value) -> Option<Ipv6Net> {
    v6_interface(value).filter(|net| net.addr() == net.network())
}

fn any(value: &Value) -> Option<IpNet> {
    v4(value)
        .map(IpNet::V4)
        .or_else(|| v6(value).map(IpNet::V6))
}

addresses! {
    Ipv4Net: v4, "ip_v4_network", "Input is not a valid IPv4 network", "ipv4network",
        label("ip_v4_network", "IPv4Network");
    Ipv6Net: v6, "ip_v6_network", "Input is not a valid IPv6 network", "ipv6network",
        label("ip_v6_network", "IPv6Network");
    IpNet: any, "ip_any_network", "value is not a valid IPv4 or IPv6 network", "ipvanynetwork",
        "function-plain[_validate()]";
}
