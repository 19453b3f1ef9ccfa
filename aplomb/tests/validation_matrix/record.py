"""Record what Pydantic says of many more values than the matrix of FastAPI has: more.jsonl.

Each line: the type's name, the value, and either the errors or the value in Pydantic's own JSON
form. Needs fastapi and pydantic[email].
"""

import datetime as dt
import decimal
import ipaddress
import json
import uuid
import warnings
from pathlib import Path
from typing import Annotated, Any, Optional

import pydantic as p
from fastapi.encoders import jsonable_encoder
from pydantic import Field, TypeAdapter, ValidationError

warnings.simplefilter("ignore")


def limited(kind, **limits):
    return Annotated[kind, Field(**limits)]


ANY = [None, True, False, 0, 1, -1, 1.0, -0.0, 2.5, 1e20, 10**20, -(10**30), [], [1], {}, {"a": 1}, ""]
NUMBERS = [
    "1", " 1", "1 ", "\t1\n", "\u00a01", "+1", "-1", "--1", "+-1", "-+1", "+ 1", "0", "-0", "00", "-00", "007", "0_1",
    "1_0", "1__0", "_1", "1_", " 1_0", "1_000.0", "1.0_0", "1.", ".5", "1.0", "1.00", "-1.0", "1.5", "1e3", "1E3",
    "1e-2", "1e", "e1", "0x1", "0b1", "1,0", "inf", "-inf", "Infinity", "nan", "NaN", "-nan", "true", "x", "१", "１",
    "9223372036854775807", "9223372036854775808", "1e400", "0.1", "100", "1000", "0.001", "0.0001", "12.34", "snan",
    9223372036854775807, 9223372036854775808, 0.1, 0.30000000000000004, 1e-7, 123456.789, 1e15, 1e16, 1e17, 3, 4, 5,
]  # fmt: skip
TIMES = [
    "2020-01-01", "2020-1-1", "2020-01-01 ", " 2020-01-01", "2020-02-29", "2021-02-29", "0000-01-01", "0001-01-01",
    "9999-12-31", "2020-00-01", "2020-01-00", "2020-01-32", "2020/01/01", "2020-01-01T", "2020-01-01T00", "2020-01-01T00:00",
    "2020-01-01t00:00:00z", "2020-01-01 00:00:00", "2020-01-01_10:20", "2020-01-01T24:00:00", "2020-01-01T23:59:60",
    "2020-01-01T10:20:30.1", "2020-01-01T10:20:30.1234567", "2020-01-01T10:20:30,5", "2020-01-01T10:20:30.",
    "2020-01-01T10:20:30+01", "2020-01-01T10:20:30+0100", "2020-01-01T10:20:30-01:30", "2020-01-01T10:20:30+23:59",
    "2020-01-01T10:20:30+24:00", "2020-01-01T10:20:30+01:60", "2020-01-01T10:20:30 Z", "2020-01-01T10:20Z", "0000-01-01T00:00",
    "9999-12-31T23:59:59-23:59", "1577836800", "1577836800.5", "-1577836800", "1577836800000", "20000000000", "20000000001",
    "+1", "1e9", "1.5", "10:20", "10:20:30", "10:20:30.5", "10:20Z", "10:20:30+01:00", "1:20", "24:00", "10:60", "10:20:60",
    "10", "10:2", "PT1S", "PT1.5S", "-PT1S", "+PT1S", "P1D", "P1W", "P1M", "P1Y", "P1Y2M3DT4H5M6.7S", "P", "PT", "P1", "1D",
    "P1DT", "P1.5D", "PT1.5H", "P-1D", "1 day", "2 days", "1 days, 10:20", "-1 day, 10:20:30", "1d 10:20", "00:00:00.000001",
    "-10:20", "100:00:00", "1000000000 days", "999999999 days", "P99999999999D", "x", "now",
    1577836800, 1577836800.123456, 1577836800000, 20000000000, 20000000001, -1, -62135596800, -62135596801, 253402300799,
    253402300800, 86399, 86400, 86399.9999999, 0.000001, 0.0000001, -0.5, 1.25, 90061.5, -90061.5, 1e9, 1e12, 86399999913600,
]  # fmt: skip
UUIDS = [
    "ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34", "EA17FAE2-6A5C-4A1E-9D0D-5A0F1D8F1C34", "ea17fae26a5c4a1e9d0d5a0f1d8f1c34",
    "{ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34}", "{ea17fae26a5c4a1e9d0d5a0f1d8f1c34}", "urn:uuid:ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34",
    "URN:UUID:ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34", " ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34", "ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c3z",
    "ea17fae2-6a5c-4a1e-9d0d5a0f1d8f1c34", "ea17fae2-6a5-c4a1e-9d0d-5a0f1d8f1c34", "é", "ea17fae2-6a5c-4a1e-1d0d-5a0f1d8f1c34",
    "00000000-0000-0000-0000-000000000000", "ea17fae2-6a5c-7a1e-9d0d-5a0f1d8f1c34",
]  # fmt: skip
URLS = [
    "http://a", "http://a/", "http://a?x", "http://a#x", "http://A.B/%7Ex/../y", "http://a:80/", "https://a:443", "http://a:", "http://a:x",
    "http://a:65536", "http://user@a", "http://:p@a", "http://a/ü?ü#ü", "http://xn--a", "http://a..b", "http://-a", "http://1.2.3",
    "http://256.256.256.256", "http://0x7f.1", "http://[::1", "http://[x]", "http://a b", "http://a\\b", "http:a", "http:/a", "http:////a",
    "file:///x", "file://h/x", "data:text/plain,x", "javascript:x", "a://b", "a:b", ":x", "1a://b", "ws://a", " http://a ", "http://a\nb",
    "http://\u200b", "http://a/\u0000", "http://%41", "http://a%20b", "http://☃.net", "mailto:x@y", "urn:x:y", "http://" + "é" * 300,
]  # fmt: skip
EMAILS = [
    "a@b.co", " a@b.co ", "a@b.co.", "a@.b.co", "a@b-.co", "a@b.-co", "a@b.co-", "-a@b.co", "a-@b.co", "a.@b.co", "a b@c.d", "a@b c.d",
    "a@b_c.d", "a@b!c.d", "a\"b@c.d", "\"a b\"@c.d", "\"a\"@c.d", "\"a\"b@c.d", "a@b@c.d", "a@@b.c", "@", "a@b.1", "a@1.2.3.4", "a@[1.2.3]",
    "a@[IPv6:::1]", "a@[IPv6:x]", "a@[x:y]", "a@[x]", "a@test", "a@b.test", "a@b.local", "a@example.com", "a@b.invalid", "a@b.arpa",
    "a@ab--c.d", "a@xn--p1ai.com", "a@münchen.de", "a@MÜNCHEN.DE", "ü.a@b.co", "a@" + "b" * 64 + ".c", "a" * 65 + "@b.c", "a" * 250 + "@b.c",
    "a@" + "b." * 130 + "c", "Ann Lee <a@b.co>", "\"Ann, Lee\" <a@b.co>", "Ann, Lee <a@b.co>", "<a@b.co>", "Ann <a@b.co", "Ann a@b.co>",
    "<a@b.co> x", "Info@B.co", "POSTMASTER@b.co", "a@b.co\n", "a＠b.co", "a﹫b.co", "a\u00a0b@c.d", "a\u200bb@c.d", "a@b\u200b.co", "a..b@c.d",
    "a@b。co", "(a)@b.co", "a,b@c.d", "a;b@c.d", "a\\b@c.d", "a(b)c@d.e", "a\tb@c.d", "x" * 2100,
]  # fmt: skip
IPS = [
    "1.2.3.4", "01.2.3.4", "1.2.3.4 ", "1.2.3", "1.2.3.4.5", "1.2.3.400", "0x1.2.3.4", "1.2.3.4/24", "1.2.3.0/24", "1.2.3.0/33", "1.2.3.0/",
    "1.2.3.0/-1", "1.2.3.0/+24", "1.2.3.0/024", "1.2.3.0/255.255.255.0", "1.2.3.0/0.0.0.255", "1.2.3.0/255.0.255.0", "0.0.0.0/0",
    "0.0.0.0/0.0.0.0", "1.2.3.4/255.255.255.255", "1.2.3.0/24/24", "::", "::1", "1::2::3", ":::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "::ffff:1.2.3.4",
    "::1/128", "::1/64", "::/0", "::/129", "fe80::1/10", "2001:DB8::1", "2001:db8:0:0:1:0:0:1", "12345::", "g::", 0, 1, True, 4294967295, 4294967296, -1, 2**128, 2**127, 1.0,
]  # fmt: skip
TEXTS = ["a", "ab", "abc", "abcd", "éé", "ééé", "ab\n", "aé", "😀", "fix", "xfix", "🏳️‍🌈"]
JSONS = [
    "1", "[1", "[1,", "[1,]", "[1 2]", "{", "{}", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{a:1}", '{"a" 1}', "nul", "tru", "fals",
    "nule", "-", "01", "1.", ".5", "1e", "+1", '"a', '"\\x"', '"\\u12"', "1 2", "NaN", "Infinity", "-Infinity", "1e999", "", " ", "[]", "[1, 2]",
    '["x"]', '[1.5]', "null", "\ufeff1", '"a\tb"', '"a\nb"', "]", "}",
]  # fmt: skip
SIZES = [
    "1", "1b", "1B", "1kb", "1KB", "1KiB", "1 MiB", "1.5gb", ".5k", "1.kb", "1 e", "1eib", "1zb", "1bit", "8bit", "1kbit", "1kibit", "1i", "1ib", "1 foo", "1_000", "1_000kb",
    "+5", "-5", " 5 ", "5 x y", "1e3", "kb", "99999999999999999999", "1 é", 0, 5, -5, 1.0, 1.5, True,
]  # fmt: skip
BASE64 = ["", "aGk=", "aGk", "aG", "a", "ab", "abc", "abcd", "abcde", "aGk==", "aGk=x", "a=bc", "====", "aG k=", "aGk\n=", "!!!!", "_-8=", "/+8=", "é", "abcdefghi"]
LISTS = [[], [1], [1, 2], [1, 1], [1, 2, 3, 4], ["x"], ["x", "y"], ["x", 1, 2, 3], [1, "x", 2, 3], [1, 2, 3, "x"], [1, "1", 1.0, True], [None], [[1]], "1", {"0": 1}, None, True]
DICTS = [{}, {"1": 1}, {"1": 1, "2": 2}, {"x": 1}, {"x": "y"}, {"1": "y"}, {"1": 1, " 1 ": 2}, {"x": "y", "1": 1, "2": 2, "3": 3}, {"1": 1, "2": 2, "3": 3}, {"": 1}, {"1": None}, [], "x"]
PAIRS = [[], [1], [1, "a"], [1, "a", 2], ["x"], ["x", 1], ["x", 1, 2], [None, None], "ab", {"0": 1}]

CASES = [
    ("int", int, ANY + NUMBERS),
    ("float", float, ANY + NUMBERS),
    ("bool", bool, ANY + NUMBERS[:8] + ["T", "F", "Yes", "nO", "ON", "oFf", "TRUE", " true", "tr", 2.0, -1.0]),
    ("str", str, ANY + TEXTS),
    ("bytes", bytes, ANY + TEXTS),
    ("decimal", decimal.Decimal, ANY + NUMBERS),
    ("datetime", dt.datetime, ANY + TIMES),
    ("date", dt.date, ANY + TIMES),
    ("time", dt.time, ANY + TIMES),
    ("timedelta", dt.timedelta, ANY + TIMES),
    ("aware datetime", p.AwareDatetime, ANY + TIMES[:40]),
    ("naive datetime", p.NaiveDatetime, ANY + TIMES[:40]),
    ("uuid", uuid.UUID, ANY + UUIDS),
    ("uuid4", p.UUID4, UUIDS),
    ("url", p.AnyUrl, ANY + URLS),
    ("http url", p.HttpUrl, URLS),
    ("email", p.EmailStr, ANY + EMAILS),
    ("ip v4 address", ipaddress.IPv4Address, ANY + IPS),
    ("ip v6 address", ipaddress.IPv6Address, ANY + IPS),
    ("ip any address", p.IPvAnyAddress, ANY + IPS),
    ("ip v4 network", ipaddress.IPv4Network, ANY + IPS),
    ("ip v6 network", ipaddress.IPv6Network, ANY + IPS),
    ("ip any network", p.IPvAnyNetwork, ANY + IPS),
    ("ip v4 interface", ipaddress.IPv4Interface, ANY + IPS),
    ("ip v6 interface", ipaddress.IPv6Interface, ANY + IPS),
    ("ip any interface", p.IPvAnyInterface, ANY + IPS),
    ("json", p.Json, ANY + JSONS),
    ("json list of int", p.Json[list[int]], JSONS),
    ("secret str", p.SecretStr, ANY + TEXTS),
    ("secret min 3", limited(p.SecretStr, min_length=3), TEXTS),
    ("byte size", p.ByteSize, ANY + SIZES),
    ("base64 bytes", p.Base64Bytes, ANY + BASE64),
    ("strict int", p.StrictInt, ANY + NUMBERS[:3]),
    ("strict float", p.StrictFloat, ANY + NUMBERS[:3]),
    ("strict bool", p.StrictBool, ANY + NUMBERS[:3]),
    ("strict str", p.StrictStr, ANY),
    ("int gt 3", limited(int, gt=3), ANY + NUMBERS),
    ("int multiple of 5", limited(int, multiple_of=5), ANY + NUMBERS),
    ("float gt 3.5", limited(float, gt=3.5), ANY + NUMBERS),
    ("float multiple of 0.5", limited(float, multiple_of=0.5), ANY + NUMBERS),
    ("float, no inf or nan", limited(float, allow_inf_nan=False), NUMBERS),
    ("decimal 3 digits, 1 place", limited(decimal.Decimal, max_digits=3, decimal_places=1), ANY + NUMBERS),
    ("decimal gt 1.5", limited(decimal.Decimal, gt=decimal.Decimal("1.5")), ANY + NUMBERS),
    ("decimal multiple of 0.1", limited(decimal.Decimal, multiple_of=decimal.Decimal("0.1")), NUMBERS),
    ("date gt 2020-01-01", limited(dt.date, gt=dt.date(2020, 1, 1)), TIMES[:10]),
    ("datetime ge 2020-01-01", limited(dt.datetime, ge=dt.datetime(2020, 1, 1)), TIMES[:40]),
    ("time le 10:20", limited(dt.time, le=dt.time(10, 20)), TIMES[40:54]),
    ("timedelta lt 1 day", limited(dt.timedelta, lt=dt.timedelta(days=1, seconds=5)), TIMES[40:]),
    ("str max 3", limited(str, max_length=3), TEXTS),
    ("str min 3", limited(str, min_length=3), TEXTS),
    ("str pattern ^fix", limited(str, pattern="^fix"), TEXTS),
    ("bytes min 3", limited(bytes, min_length=3), TEXTS),
    ("bytes max 1", limited(bytes, max_length=1), TEXTS),
    ("list of int", list[int], ANY + LISTS),
    ("list max 2", limited(list[int], max_length=2), LISTS),
    ("list min 2", limited(list[int], min_length=2), LISTS),
    ("list of optional int", list[Optional[int]], LISTS),
    ("ordered set of int", set[int], LISTS),
    ("ordered set max 1", limited(set[int], max_length=1), LISTS),
    ("tuple of int, str", tuple[int, str], PAIRS),
    ("tuple of int, any length", tuple[int, ...], LISTS),
    ("ordered dict of int to int", dict[int, int], DICTS),
    ("ordered dict max 2", limited(dict[int, int], max_length=2), DICTS),
    ("ordered dict of str to int", dict[str, int], DICTS),
    ("dict of bool to int", dict[bool, int], [{"true": 1}, {"x": 1}, {"1": 1}]),
    ("dict of decimal to int", dict[decimal.Decimal, int], [{"1.50": 1}, {"x": 1}]),
    ("dict of date to int", dict[dt.date, int], [{"2020-01-01": 1}, {"x": 1}]),
    ("dict of uuid to int", dict[uuid.UUID, int], [{UUIDS[0]: 1}, {"x": 1}]),
    ("optional int", Optional[int], ANY),
    ("any", Any, ANY),
]


def record(adapter, value):
    try:
        return {"status": 200, "echo": json.loads(adapter.dump_json(adapter.validate_python(value)))}
    except ValidationError as error:
        errors = jsonable_encoder(error.errors(include_url=False))
        keys = ["type", "loc", "msg", "input", "ctx"]
        return {"status": 422, "errors": [{k: e[k] for k in keys if k in e} for e in errors]}


def shown(value):
    """A long text is written as its first characters and its length."""
    if isinstance(value, str) and len(value) > 200:
        return {"repeat": value[:8], "length": len(value)}
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {k: shown(v) for k, v in value.items()}
    return value


lines = []
for name, kind, values in CASES:
    adapter = TypeAdapter(kind)
    seen = set()
    for value in values:
        text = json.dumps(value, ensure_ascii=False)
        repeats = len(text) > 200 and shown(value)["repeat"][7:] * (len(value) - 8) != value[8:]
        if text in seen or repeats:
            continue
        seen.add(text)
        row = {"type": name, "value": shown(value)} | shown(record(adapter, value))
        lines.append(json.dumps(row, ensure_ascii=False))
Path(__file__).with_name("more.jsonl").write_text("\n".join(lines) + "\n")
print(len(lines), "rows")
