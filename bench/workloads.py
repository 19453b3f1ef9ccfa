"""What is asked of a peer, and what a right answer looks like."""
import json

ITEM = {"name": "Foo item", "price": 35.4, "tax": 3.2, "tags": ["red", "green", "blue"],
        "description": "A very nice item"}
BAD_ITEM = {"name": "", "price": -5.0, "tax": 3.2, "tags": ["red"], "description": "bad"}


def bulk_body() -> str:
    """About 1 MB: 5,000 items like W3's, with longer descriptions."""
    items = []
    for i in range(5000):
        items.append({"name": f"Item number {i}", "price": 10.5 + i / 4, "tax": 1.25,
                      "tags": ["red", "green", f"tag-{i}"],
                      "description": "A description that makes this item about two hundred "
                                     "bytes long, as real ones are: " + "x" * 12})
    return json.dumps(items)


# name: (method, path, body, connections, seconds, statuses that count as right)
WORKLOADS = {
    "W1": ("GET", "/.well-known/live", None, 64, 1.2, (200,)),
    "W2": ("GET", "/items/42?q=hello&limit=20", None, 64, 1.2, (200,)),
    "W3": ("POST", "/items", json.dumps(ITEM), 64, 1.2, (200, 201)),
    "W6": ("POST", "/items", json.dumps(BAD_ITEM), 64, 1.2, (400, 422)),
    "W5": ("POST", "/bulk", bulk_body(), 16, 1.5, (200, 201)),
    "W4": ("GET", "/clients", None, 4, 2.5, (200,)),
}


def same_shape(name: str, got: bytes) -> str | None:
    """None if the answer's body is what the workload asks for, else what is wrong."""
    if name == "W6":  # the status says it; poem-openapi's own errors are plain text
        return None
    head, _, body = got.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in head.lower():
        out = b""
        while body:
            n, _, rest = body.partition(b"\r\n")
            k = int(n.split(b";")[0], 16)
            out += rest[:k]
            body = rest[k + 2:] if k else b""
        body = out
    try:
        v = json.loads(body)
    except ValueError:
        return "no JSON: " + repr(body[:80])
    if name == "W1":
        return None if v == "OK" else repr(v)
    if name == "W2":
        return None if v == {"item_id": 42, "q": "hello", "limit": 20} else repr(v)
    if name == "W3":
        want = dict(ITEM, price_with_tax=ITEM["price"] + ITEM["tax"])
        return None if {k: v.get(k) for k in want} == want else repr(v)
    if name == "W4":
        it = v["items"]
        good = (len(it) == 40000 and it[7]["id"] == 7 and it[7]["address"]["id"] == 7
                and it[7]["bank_accounts"][0]["id"] == 7 and len(it[7]) == 11
                and len(it[7]["bank_accounts"][0]) == 17 and it[7]["str8"] is None)
        return None if good else repr(it[7])
    if name == "W5":
        return None if v == {"count": 5000} else repr(v)
    return None
