//! The JSON Schema of every type, held against the one FastAPI gives its counterpart.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aplomb::json::{self, Object, Value};
use aplomb::model::{
    Base64Bytes, ByteSize, Constraints, Datetime, Email, FrozenSet, HttpUrl, IpInterface,
    Ipv4Interface, Ipv6Interface, Json, Limit, Model, Pattern, SecretString, Time, UuidVersion,
};
use aplomb::openapi::{Mode, Schemas};
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use rust_decimal::Decimal;
use url::Url;
use uuid::Uuid;

const NONE: &Constraints = &Constraints::NONE;

const fn whole(limit: i64) -> Option<Limit> {
    Some(Limit::Integer(limit))
}

const fn part(limit: f64) -> Option<Limit> {
    Some(Limit::Float(limit))
}

macro_rules! limits {
    ($($name:ident: $value:expr),*) => {
        {
            static LIMITS: Constraints = Constraints { $($name: $value,)* ..Constraints::NONE };
            &LIMITS
        }
    };
}

static A: Pattern = Pattern::new("^a");

const ABOVE_3: &Constraints = limits!(gt: whole(3));
const ONE_TO_FIVE: &Constraints = limits!(min_length: Some(1), max_length: Some(5));
const ONE_TO_FIVE_ABOVE_3: &Constraints =
    limits!(min_length: Some(1), max_length: Some(5), items: Some(ABOVE_3));
const SHORT: &Constraints = limits!(min_length: Some(2), max_length: Some(3));

fn compare<T: Model>(name: &str, recorded: &Value, constraints: &Constraints) -> Vec<String> {
    let schema = |mode| Schemas::new().in_mode(mode, |schemas| T::schema(schemas, constraints));
    let differs = |direction: &str, found: Object| {
        let (found, wanted) = (Value::Object(found), &recorded[name][direction]);
        let line = || format!("{name}, {direction}\n   found {found}\n  wanted {wanted}");
        (!found.same(wanted)).then(line)
    };
    let input = differs("input", schema(Mode::Input));
    let output = differs("output", schema(Mode::Output));
    input.into_iter().chain(output).collect()
}

#[test]
fn schemas_agree_with_the_recorded_ones() {
    let recorded = json::parse(include_bytes!("schemas/schemas.json")).unwrap();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    macro_rules! compare {
        ($($name:literal: $type:ty, $constraints:expr;)*) => {$(
            faults.extend(compare::<$type>($name, &recorded, $constraints));
            seen.insert($name.to_owned());
        )*};
    }
    compare! {
        "int": i64, NONE;
        "int with bounds": i64, limits!(gt: whole(0), le: whole(10), multiple_of: whole(2));
        "int between": u16, limits!(ge: whole(1), lt: whole(5));
        "unsigned int": u64, NONE;
        "float": f64, NONE;
        "float with bounds": f32,
            limits!(gt: part(0.5), le: whole(10), multiple_of: part(0.5));
        "bool": bool, NONE;
        "str": String, NONE;
        "str with limits": String,
            limits!(min_length: Some(1), max_length: Some(5), pattern: Some(&A));
        "char": char, NONE;
        "bytes": Bytes, NONE;
        "bytes with limits": Bytes, ONE_TO_FIVE;
        "base64": Base64Bytes, NONE;
        "none": (), NONE;
        "any": Value, NONE;
        "decimal": Decimal, NONE;
        "decimal with limits": Decimal, limits!(
            gt: Some(Limit::Text("1.5")), max_digits: Some(5), decimal_places: Some(2));
        "date": NaiveDate, NONE;
        "time": Time, NONE;
        "time": NaiveTime, NONE;
        "datetime": Datetime, NONE;
        "datetime": DateTime<Utc>, NONE;
        "timedelta": TimeDelta, NONE;
        "timedelta": std::time::Duration, NONE;
        "uuid": Uuid, NONE;
        "uuid7": UuidVersion<7>, NONE;
        "url": Url, NONE;
        "http url": HttpUrl, NONE;
        "email": Email, NONE;
        "ip v4 address": Ipv4Addr, NONE;
        "ip v6 address": Ipv6Addr, NONE;
        "ip any address": IpAddr, NONE;
        "ip v4 network": Ipv4Net, NONE;
        "ip v6 network": Ipv6Net, NONE;
        "ip any network": IpNet, NONE;
        "ip v4 interface": Ipv4Interface, NONE;
        "ip v6 interface": Ipv6Interface, NONE;
        "ip any interface": IpInterface, NONE;
        "json": Json<Value>, NONE;
        "json of list": Json<Vec<i64>>, NONE;
        "secret": SecretString, NONE;
        "secret with limits": SecretString, limits!(min_length: Some(3));
        "byte size": ByteSize, NONE;
        "optional": Option<i64>, NONE;
        "optional with bounds": Option<i64>, ABOVE_3;
        "list": Vec<i64>, NONE;
        "list": VecDeque<Box<i64>>, NONE;
        "list with limits": Vec<i64>, ONE_TO_FIVE_ABOVE_3;
        "list of optional": Vec<Option<String>>, NONE;
        "set": HashSet<i64>, NONE;
        "set with limits": BTreeSet<i64>, ONE_TO_FIVE;
        "frozenset": FrozenSet<String>, NONE;
        "array of 2": [i64; 2], NONE;
        "tuple": (i64, String), NONE;
        "tuple of decimals": (Decimal, Decimal), NONE;
        "dict": HashMap<String, i64>, NONE;
        "dict with limits": HashMap<String, i64>, ONE_TO_FIVE_ABOVE_3;
        "dict of any": HashMap<String, serde_json::Value>, NONE;
        "dict by int": HashMap<i64, f64>, NONE;
        "dict by uuid": HashMap<Uuid, i64>, NONE;
        "dict by date": HashMap<NaiveDate, i64>, NONE;
        "dict by short str": HashMap<String, i64>, limits!(keys: Some(SHORT));
        "dict by pattern": HashMap<String, i64>, limits!(keys: Some(limits!(pattern: Some(&A))));
        "dict by pattern and length": HashMap<String, i64>,
            limits!(keys: Some(limits!(pattern: Some(&A), max_length: Some(3))));
        "dict of lists": HashMap<String, Vec<Decimal>>, NONE;
    }
    let names = recorded.as_object().unwrap().keys().cloned();
    assert_eq!(seen, names.collect(), "every recorded schema is compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
