//! The recorded types, as declared here.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aplomb::json::Value;
use aplomb::model::{
    Base64Bytes, ByteSize, Constraints, Datetime, Email, FrozenSet, FutureDate, FutureDatetime,
    HttpUrl, IpInterface, Ipv4Interface, Ipv6Interface, Json, Limit, PastDate, PastDatetime,
    Pattern, SecretString, Time, UuidVersion,
};
use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};
use indexmap::{IndexMap, IndexSet};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use rust_decimal::Decimal;
use url::Url;
use uuid::Uuid;

use crate::echo;
use crate::models;
use crate::row::Row;

const fn whole(limit: i64) -> Option<Limit> {
    Some(Limit::Integer(limit))
}

const fn part(limit: f64) -> Option<Limit> {
    Some(Limit::Float(limit))
}

macro_rules! limits {
    ($($name:ident: $value:expr),*) => {
        &Constraints { $($name: $value,)* ..Constraints::NONE }
    };
}

static FIX: Pattern = Pattern::new("^fix");

const STRICT: &Constraints = limits!(strict: true);

/// Who made the recorded JSON form of a value.
#[derive(Clone, Copy)]
pub(crate) enum Recorded {
    /// FastAPI's encoder, for a route without response model.
    Encoder,
    /// Pydantic, as for a route with one.
    Pydantic,
}

/// Holds a row against the type it names.
pub(crate) fn check(row: &Row, recorded: Recorded) -> Result<(), String> {
    macro_rules! cases {
        ($($name:literal: $type:ty $(, $constraints:expr)? $(; $echo:ident)?;;)*) => {
            match &*row.name {
                $($name => row.check::<$type>(
                    cases!(@constraints $($constraints)?),
                    match recorded {
                        Recorded::Encoder => cases!(@echo $($echo)?),
                        Recorded::Pydantic => echo::same,
                    },
                ),)*
                name => Err(format!("no type for {name}")),
            }
        };
        (@constraints $constraints:expr) => { $constraints };
        (@constraints) => { &Constraints::NONE };
        (@echo $echo:ident) => { echo::$echo };
        (@echo) => { echo::same };
    }
    cases! {
        "int": i128;;
        "float": f64;;
        "bool": bool;;
        "str": String;;
        "bytes": Bytes;;
        "any": Value;;
        "none": ();;
        "optional int": Option<i128>;;
        "decimal": Decimal; number;;
        "strict int": i128, STRICT;;
        "strict str": String, STRICT;;
        "strict bool": bool, STRICT;;
        "strict float": f64, STRICT;;
        "list of int": Vec<i64>;;
        "set of int": BTreeSet<i64>;;
        "frozenset of int": FrozenSet<i64>;;
        "tuple of int, str": (i64, String);;
        "tuple of int, any length": Box<[i64]>;;
        "dict of str to int": HashMap<String, i64>;;
        "dict of int to float": HashMap<i64, f64>;;
        "list of list of int": Vec<Vec<i64>>;;
        "datetime": Datetime; offset;;
        "date": NaiveDate;;
        "time": Time; offset;;
        "timedelta": TimeDelta; seconds;;
        "aware datetime": DateTime<FixedOffset>; offset;;
        "naive datetime": NaiveDateTime;;
        "past date": PastDate;;
        "future date": FutureDate;;
        "past datetime": PastDatetime;;
        "future datetime": FutureDatetime;;
        "uuid": Uuid;;
        "uuid4": UuidVersion<4>;;
        "url": Url;;
        "http url": HttpUrl;;
        "email": Email;;
        "ip v4 address": Ipv4Addr;;
        "ip v6 address": Ipv6Addr;;
        "ip v4 network": Ipv4Net;;
        "ip v6 network": Ipv6Net;;
        "ip v4 interface": Ipv4Interface;;
        "ip any address": IpAddr;;
        "json": Json<Value>;;
        "json list of int": Json<Vec<i64>>;;
        "secret str": SecretString;;
        "byte size": ByteSize;;
        "base64 bytes": Base64Bytes; decoded;;
        "int gt 3": i128, limits!(gt: whole(3));;
        "int ge 3": i64, limits!(ge: whole(3));;
        "int lt 3": i64, limits!(lt: whole(3));;
        "int le 3": i64, limits!(le: whole(3));;
        "int gt 0 lt 10": i64, limits!(gt: whole(0), lt: whole(10));;
        "int multiple of 5": i128, limits!(multiple_of: whole(5));;
        "float gt 3.5": f64, limits!(gt: part(3.5));;
        "float ge 1": f64, limits!(ge: whole(1));;
        "float multiple of 0.5": f64, limits!(multiple_of: part(0.5));;
        "float, no inf or nan": f64, limits!(finite: true);;
        "decimal 3 digits, 1 place": Decimal,
            limits!(max_digits: Some(3), decimal_places: Some(1)); number;;
        "decimal 4 digits, 2 places": Decimal,
            limits!(max_digits: Some(4), decimal_places: Some(2)); number;;
        "decimal gt 1.5": Decimal, limits!(gt: Some(Limit::Text("1.5"))); number;;
        "str min 1": String, limits!(min_length: Some(1));;
        "str min 3": String, limits!(min_length: Some(3));;
        "str max 1": String, limits!(max_length: Some(1));;
        "str max 3": String, limits!(max_length: Some(3));;
        "str pattern ^fix": String, limits!(pattern: Some(&FIX));;
        "list min 1": Vec<i64>, limits!(min_length: Some(1));;
        "list min 2": Vec<i64>, limits!(min_length: Some(2));;
        "list max 2": Vec<i64>, limits!(max_length: Some(2));;
        "set max 1": HashSet<i64>, limits!(max_length: Some(1));;
        "set min 2": HashSet<i64>, limits!(min_length: Some(2));;
        "dict min 1": HashMap<String, i64>, limits!(min_length: Some(1));;
        "dict max 1": HashMap<String, i64>, limits!(max_length: Some(1));;
        "bytes min 3": Bytes, limits!(min_length: Some(3));;
        "bytes max 1": Bytes, limits!(max_length: Some(1));;
        "ip any network": IpNet;;
        "ip v6 interface": Ipv6Interface;;
        "ip any interface": IpInterface;;
        "secret min 3": SecretString, limits!(min_length: Some(3));;
        "decimal multiple of 0.1": Decimal, limits!(multiple_of: Some(Limit::Text("0.1")));;
        "date gt 2020-01-01": NaiveDate, limits!(gt: Some(Limit::Text("2020-01-01")));;
        "datetime ge 2020-01-01": Datetime, limits!(ge: Some(Limit::Text("2020-01-01T00:00:00")));;
        "time le 10:20": Time, limits!(le: Some(Limit::Text("10:20:00")));;
        "timedelta lt 1 day": TimeDelta, limits!(lt: Some(Limit::Text("P1DT5S")));;
        "list of optional int": Vec<Option<i64>>;;
        "ordered set of int": IndexSet<i64>;;
        "ordered set max 1": IndexSet<i64>, limits!(max_length: Some(1));;
        "ordered dict of int to int": IndexMap<i64, i64>;;
        "ordered dict max 2": IndexMap<i64, i64>, limits!(max_length: Some(2));;
        "ordered dict of str to int": IndexMap<String, i64>;;
        "dict of bool to int": IndexMap<bool, i64>;;
        "dict of decimal to int": IndexMap<Decimal, i64>;;
        "dict of date to int": IndexMap<NaiveDate, i64>;;
        "dict of uuid to int": IndexMap<Uuid, i64>;;
        "enum of str, 2 members": models::Color;;
        "enum of str, 3 members": models::Tri;;
        "enum of int": models::Level;;
        "literal 'a'": models::OnlyA;;
        "literal 'a', 'b', 1": models::AOrBOr1;;
        "model Point": models::Point;;
        "model Closed (extra forbidden)": models::Closed;;
        "model Open (extra allowed)": models::Open;;
        "model Renamed (alias fullName)": models::Renamed;;
        "model Nested": models::Nested;;
        "model Checked (field validator)": models::Checked;;
        "model Whole (model validator)": models::Whole;;
        "union int, str": models::IntOrStr;;
        "union int, Point": models::IntOrPoint;;
        "union int, list of int": models::IntOrList;;
        "union Point, Closed": models::PointOrClosed;;
        "union Cat, Dog by kind": models::Pet;;
    }
}
