//! IP addresses.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Constraints, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

/// A value as the number of an address; Python takes true for 1 here as everywhere.
fn number(value: &Value) -> Option<u128> {
    match value {
        Value::Bool(flag) => Some((*flag).into()),
        Value::Integer(number) => (*number).try_into().ok(),
        Value::BigInteger(digits) => digits.parse().ok(),
        _ => None,
    }
}

pub(super) fn v4(value: &Value) -> Option<Ipv4Addr> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => Some(u32::try_from(number(value)?).ok()?.into()),
    }
}

pub(super) fn v6(value: &Value) -> Option<Ipv6Addr> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => number(value).map(Into::into),
    }
}

fn any(value: &Value) -> Option<IpAddr> {
    v4(value)
        .map(IpAddr::V4)
        .or_else(|| v6(value).map(IpAddr::V6))
}

/// The name Pydantic gives its checks of addresses and networks.
pub(super) fn label(function: &str, class: &str) -> Cow<'static, str> {
    format!(
        "lax-or-strict[lax=function-plain[{function}_validator()],strict=json-or-python[json=\
         function-after[{class}(), str],python=is-instance[{class}]]]"
    )
    .into()
}

/// A model of the things that are a text, or a number, in an address's sense.
macro_rules! addresses {
    ($($type:ty: $accept:path, $kind:literal, $message:literal, $format:literal, $label:expr;)*) => {$(
        impl Model for $type {
            rare!();

            fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
                problems.floor(Exactness::Lax);
                let address = $accept(value);
                if address.is_none() {
                    problems.report($kind, $message, value, None);
                }
                address
            }

            written_as_text!(|address| address.to_string());

            fn schema(_: &mut Schemas, _: &Constraints) -> Object {
                shape::text_in($format)
            }

            fn label() -> Cow<'static, str> {
                $label.into()
            }
        }
    )*};
}
pub(super) use addresses;

addresses! {
    Ipv4Addr: v4, "ip_v4_address", "Input is not a valid IPv4 address", "ipv4",
        label("ip_v4_address", "IPv4Address");
    Ipv6Addr: v6, "ip_v6_address", "Input is not a valid IPv6 address", "ipv6",
        label("ip_v6_address", "IPv6Address");
    IpAddr: any, "ip_any_address", "value is not a valid IPv4 or IPv6 address", "ipvanyaddress",
        "function-plain[_validate()]";
}
