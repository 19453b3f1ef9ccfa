"""Record the JSON Schemas FastAPI gives types, for requests and for responses: schemas.json.

Needs fastapi and pydantic[email].
"""

import datetime as dt
import decimal
import ipaddress
import json
import uuid
from pathlib import Path
from typing import Annotated, Any, Optional

import pydantic as p
from fastapi._compat.v2 import GenerateJsonSchema
from pydantic import Field, TypeAdapter


def limited(kind, **limits):
    return Annotated[kind, Field(**limits)]


TYPES = {
    "int": int,
    "int with bounds": limited(int, gt=0, le=10, multiple_of=2),
    "int between": limited(int, ge=1, lt=5),
    "unsigned int": limited(int, ge=0),
    "float": float,
    "float with bounds": limited(float, gt=0.5, le=10, multiple_of=0.5),
    "bool": bool,
    "str": str,
    "str with limits": limited(str, min_length=1, max_length=5, pattern="^a"),
    "char": limited(str, min_length=1, max_length=1),
    "bytes": bytes,
    "bytes with limits": limited(bytes, min_length=1, max_length=5),
    "base64": p.Base64Bytes,
    "none": None,
    "any": Any,
    "decimal": decimal.Decimal,
    "decimal with limits": limited(decimal.Decimal, gt=decimal.Decimal("1.5"), max_digits=5, decimal_places=2),
    "date": dt.date,
    "time": dt.time,
    "datetime": dt.datetime,
    "timedelta": dt.timedelta,
    "uuid": uuid.UUID,
    "uuid7": Annotated[uuid.UUID, p.types.UuidVersion(7)],
    "url": p.AnyUrl,
    "http url": p.HttpUrl,
    "email": p.EmailStr,
    "ip v4 address": ipaddress.IPv4Address,
    "ip v6 address": ipaddress.IPv6Address,
    "ip any address": p.IPvAnyAddress,
    "ip v4 network": ipaddress.IPv4Network,
    "ip v6 network": ipaddress.IPv6Network,
    "ip any network": p.IPvAnyNetwork,
    "ip v4 interface": ipaddress.IPv4Interface,
    "ip v6 interface": ipaddress.IPv6Interface,
    "ip any interface": p.IPvAnyInterface,
    "json": p.Json,
    "json of list": p.Json[list[int]],
    "secret": p.SecretStr,
    "secret with limits": limited(p.SecretStr, min_length=3),
    "byte size": p.ByteSize,
    "optional": Optional[int],
    "optional with bounds": limited(Optional[int], gt=3),
    "list": list[int],
    "list with limits": limited(list[limited(int, gt=3)], min_length=1, max_length=5),
    "list of optional": list[Optional[str]],
    "set": set[int],
    "set with limits": limited(set[int], min_length=1, max_length=5),
    "frozenset": frozenset[str],
    "array of 2": limited(list[int], min_length=2, max_length=2),
    "tuple": tuple[int, str],
    "tuple of decimals": tuple[decimal.Decimal, decimal.Decimal],
    "dict": dict[str, int],
    "dict with limits": limited(dict[str, limited(int, gt=3)], min_length=1, max_length=5),
    "dict of any": dict[str, Any],
    "dict by int": dict[int, float],
    "dict by uuid": dict[uuid.UUID, int],
    "dict by date": dict[dt.date, int],
    "dict by short str": dict[limited(str, min_length=2, max_length=3), int],
    "dict by pattern": dict[limited(str, pattern="^a"), int],
    "dict by pattern and length": dict[limited(str, pattern="^a", max_length=3), int],
    "dict of lists": dict[str, list[decimal.Decimal]],
}


def schema(kind, mode):
    return TypeAdapter(kind).json_schema(mode=mode, schema_generator=GenerateJsonSchema)


rows = {
    name: {"input": schema(kind, "validation"), "output": schema(kind, "serialization")}
    for name, kind in TYPES.items()
}
lines = [f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()]
Path(__file__).with_name("schemas.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
