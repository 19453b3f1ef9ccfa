"""What may fail a check of Schemathesis, or be answered unlike FastAPI, and why.

The answers of a tutorial app are held against FastAPI's own to the same request. Where those are
alike the contract decides, whatever the document says: CONTRACT lists which checks may fail, one
operation at a time. UNLIKE lists the answers that may differ. The shop has no other side: SHOP says
of every operation which check may fail, and what the answer must be then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from generated import Answer, Exchange, Failure

LIMITS = {-(2**63), 2**63 - 1}


def problems(answer: Answer) -> list[dict]:
    """What a 422 lists."""
    found = answer.json() if answer.status == 422 else None
    return found["detail"] if isinstance(found, dict) else []


def beyond_64_bits(problem: dict) -> bool:
    return bool(LIMITS & {problem.get("ctx", {}).get(side) for side in ("le", "ge")})


# --- the tutorial apps -------------------------------------------------------------------------

NOT_JSON = "a body that is not JSON is answered with 400, which FastAPI documents nowhere"
CONVERTED = "texts, numbers and booleans are converted where Pydantic's lax mode converts them"
EMPTY = "an empty text in a form is no value, as if the field had not been sent"
NO_FORM = "a multipart body out of form is answered with 400, which FastAPI documents nowhere"
TEXT = "a part of a form is text or a file, also where it looks like a number or an object"
KEYS = "JSON Schema says nothing of the keys, which must be integers"

# app -> operation -> check -> why FastAPI's own answer fails it.
CONTRACT = {
    "body_multiple_params.tutorial003": {
        "PUT /items/{item_id}": {"ST103": NOT_JSON, "ST201": CONVERTED},
    },
    "body_nested_models.tutorial009": {
        "POST /index-weights/": {"ST103": NOT_JSON, "ST202": KEYS},
    },
    "dataclasses_.tutorial003": {
        "POST /authors/{author_id}/items/": {"ST103": NOT_JSON},
    },
    "extra_data_types.tutorial001": {
        "PUT /items/{item_id}": {"ST103": NOT_JSON, "ST201": CONVERTED},
    },
    "query_params_str_validations.tutorial011": {
        "GET /items/": {"ST201": "every value of a query is text, so a single one is a list of one"},
    },
    "request_form_models.tutorial001": {
        "POST /login/": {"ST202": EMPTY},
    },
    "request_forms_and_files.tutorial001": {
        "POST /files/": {"ST103": NO_FORM, "ST201": TEXT, "ST202": EMPTY},
    },
}


class Unlike(NamedTuple):
    """Answers that may differ from FastAPI's, as docs/differences.md says."""

    apps: set[str]
    reason: str
    holds: Callable[[Answer, Answer], bool]


def only_beyond_64_bits(ours: Answer, theirs: Answer) -> bool:
    """Ours lists integers beyond 64 bits, and of the rest what FastAPI's lists."""
    rest = [problem for problem in problems(ours) if not beyond_64_bits(problem)]
    same = rest == problems(theirs) if theirs.status == 422 else theirs.status == 200 and not rest
    return same and len(rest) < len(problems(ours))


def no_dataclass(ours: Answer, theirs: Answer) -> bool:
    """FastAPI's problems, where those of dataclasses are in the words for models."""
    said = [
        {
            **{name: problem[name] for name in ("loc", "input")},
            "type": "model_attributes_type",
            "msg": "Input should be a valid dictionary or object to extract fields from",
        }
        if problem["type"] == "dataclass_type"
        else problem
        for problem in problems(theirs)
    ]
    return bool(said) and problems(ours) == said


def theirs_breaks(ours: Answer, theirs: Answer) -> bool:
    """FastAPI's app breaks; ours finds a mistake of the client."""
    return theirs.status == 500 and ours.status == 422


UNLIKE = [
    Unlike(
        {
            "body_multiple_params.tutorial003",
            "body_nested_models.tutorial009",
            "query_param_models.tutorial001",
        },
        "an `i64` ends where Python's `int` does not",
        only_beyond_64_bits,
    ),
    Unlike(
        {"dataclasses_.tutorial003"},
        "a Rust struct is a model; there are no dataclasses to tell apart",
        no_dataclass,
    ),
    Unlike(
        {"extra_data_types.tutorial001"},
        "the Python app breaks on dates that cannot be added or subtracted: ours refuses them",
        theirs_breaks,
    ),
]

# --- the shop ----------------------------------------------------------------------------------


class Allowed(NamedTuple):
    """A check that some answers of an operation of the shop may fail."""

    operation: str
    code: str
    reason: str
    holds: Callable[[Exchange], bool]


def rejected(*expected: tuple[str, str]) -> Callable[[Exchange], bool]:
    """Whether a 422 lists problems of these kinds (pattern) and places (pattern) alone."""

    def holds(exchange: Exchange) -> bool:
        found = problems(exchange.answer)
        return bool(found) and all(
            any(
                re.fullmatch(kind, problem["type"])
                and re.fullmatch(place, ".".join(map(str, problem["loc"])))
                for kind, place in expected
            )
            for problem in found
        )

    return holds


def first_route(exchange: Exchange) -> bool:
    return exchange.answer.status == 405 and exchange.request.method == "OPTIONS"


def still_there(exchange: Exchange) -> bool:
    answer = exchange.answer.json() or {}
    method, target = exchange.request.method, exchange.request.target
    read = method == "GET" and re.fullmatch(r"/orders/\d+", target)
    return bool(read) and answer.get("status") == "cancelled"


WHOLE = "JSON Schema counts 3.0 among the integers; `strict` does not, as in Pydantic"
ONCE = "an item may stand in one line only, which no schema can say"
ALLOW = "`Allow` names the methods of the path's first route, as FastAPI's does"

SHOP = [
    *(
        Allowed(operation, "ST202", WHOLE, rejected(("int_type", "body.(price_cents|stock)")))
        for operation in ("POST /items/", "PUT /items/{item_id}")
    ),
    Allowed("POST /items/{item_id}/stock", "ST202", WHOLE, rejected(("int_type", "body.change"))),
    Allowed(
        "POST /orders/",
        "ST202",
        WHOLE,
        rejected(("int_type", r"body.lines.\d+.(item_id|quantity)")),
    ),
    Allowed("POST /orders/", "ST202", ONCE, rejected(("value_error", "body"))),
    Allowed(
        "POST /users",
        "ST202",
        "an address must be one that mail can reach; `format: email` is any with the right letters",
        rejected(("value_error", "body.email")),
    ),
    Allowed(
        "DELETE /orders/{order_id}",
        "ST301",
        "DELETE cancels an order; a cancelled order is kept and shown as such",
        still_there,
    ),
    *(
        Allowed(operation, "ST205", ALLOW, first_route)
        for operation in (
            "GET /items/", "POST /items/", "GET /items/{item_id}", "PUT /items/{item_id}",
            "GET /orders/", "POST /orders/", "GET /orders/{order_id}", "DELETE /orders/{order_id}",
        )
    ),
]  # fmt: skip


def why(app: str, exchange: Exchange, failure: Failure, theirs: Answer | None) -> str | None:
    """Why an answer may fail a check; `theirs` is FastAPI's answer to the same request."""
    if app == "shop":
        for allowed in SHOP:
            same = (allowed.operation, allowed.code) == (failure.operation, failure.code)
            if same and allowed.holds(exchange):
                return allowed.reason
        return None
    if theirs is not None and exchange.answer.same_as(theirs):
        return CONTRACT.get(app, {}).get(failure.operation, {}).get(failure.code)
    # The document is FastAPI's: a difference that is listed may show in it too.
    return unlike(app, exchange.answer, theirs) if failure.code == "ST202" else None


def unlike(app: str, ours: Answer, theirs: Answer | None) -> str | None:
    """Why an answer may differ from FastAPI's."""
    for difference in UNLIKE:
        if theirs is not None and app in difference.apps and difference.holds(ours, theirs):
            return difference.reason
    return None
