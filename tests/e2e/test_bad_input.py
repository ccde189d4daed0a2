"""What no client should send, over HTTP: gateway, function and contract refuse it together.

The many ways to be wrong are the unit tests' (tests/handlers/api/test_contract.py). Here is shown
that each kind gets through the gateway as it was sent, and comes back as the contract says.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.live_system import Customer, LiveSystem
from tests.support.wire import Answer, send

LINE = {"productId": "mug", "quantity": 1}
ORDER = {
    "lines": [LINE],
    "expectedTotal": {"amount": 1400, "currency": "USD"},
    "paymentMethod": "pm_card_visa",
}
NOT_UTF_8 = json.dumps(ORDER | {"name": "Zo?"}).encode().replace(b"?", b"\xff")
UNKNOWN = "A" * 26


def lines(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"lines": [LINE | each for each in changed]}


def problem(answer: Answer, status: int) -> dict[str, Any]:
    """The problem that the answer is, its form checked."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.body)
    assert told["status"] == status
    assert told["title"]
    return told


def paths(told: dict[str, Any]) -> set[str]:
    return {fault["path"] for fault in told.get("errors", [])}


@pytest.fixture(scope="module")
def customer(shop: LiveSystem) -> Customer:
    return shop.customer()


def count_orders(shop: LiveSystem) -> int:
    pages = shop.aws.dynamodb.get_paginator("scan").paginate(
        TableName=shop.outputs["ordersTableName"],
        Select="COUNT",
        FilterExpression="sk = :order",
        ExpressionAttributeValues={":order": {"S": "ORDER"}},
        ConsistentRead=True,
    )
    return sum(page["Count"] for page in pages)


@pytest.fixture(autouse=True)
def nothing_is_stored(shop: LiveSystem) -> Iterator[None]:
    before = count_orders(shop)
    yield
    assert count_orders(shop) == before


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"lines": []}, {"lines"}),
        (lines({"quantity": 0}), {"lines[0].quantity"}),
        (lines({"quantity": -1}), {"lines[0].quantity"}),
        (lines({"quantity": 1.5}), {"lines[0].quantity"}),
        (lines({"quantity": 1.0}), {"lines[0].quantity"}),
        (lines({"quantity": 10**9}), {"lines[0].quantity"}),
        (lines({"quantity": 10**400}), {"lines[0].quantity"}),
        (lines({}, {"productId": "pen"}, {}), {"lines[2].productId"}),
        (lines(*({"productId": f"p-{n}"} for n in range(21))), {"lines"}),
        (lines({"price": 1}) | {"coupon": "FREE"}, {"lines[0].price", "coupon"}),
        ({"lines": "mug", "paymentMethod": 4242, "name": []}, {"lines", "paymentMethod", "name"}),
        ({"expectedTotal": {"amount": 14.0}}, {"expectedTotal.amount", "expectedTotal.currency"}),
        ({"name": "Anna\u0000"}, {"name"}),
        ({"paymentMethod": "4242424242424242"}, {"paymentMethod"}),
    ],
)
def test_every_fault_of_an_order_is_named_with_its_path(
    customer: Customer, changed: dict[str, Any], wrong: set[str]
) -> None:
    answer = send(customer, "POST", "/api/orders", json.dumps(ORDER | changed).encode())
    assert paths(problem(answer, 422)) == wrong


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (NOT_UTF_8, 400),
        (b"[" * 30_000, 400),
        (json.dumps(ORDER).encode() + b" " * 2**20, 413),
        (b"\xff" * 2**20, 413),
    ],
    ids=["nothing", "malformed", "no text", "not UTF-8", "deep", "1 MB", "1 MB of no text"],
)
def test_what_is_not_an_orders_json_is_refused_as_a_whole(
    customer: Customer, body: bytes, status: int
) -> None:
    assert paths(problem(send(customer, "POST", "/api/orders", body), status)) == set()


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", None])
def test_another_content_type_is_refused(customer: Customer, kind: str | None) -> None:
    body = json.dumps(ORDER).encode()
    problem(send(customer, "POST", "/api/orders", body, Content_Type=kind), 415)


@pytest.mark.parametrize("key", [None, "", "two words", "k\u00e9y", "k" * 256])
def test_a_missing_or_malformed_idempotency_key_is_named(
    customer: Customer, key: str | None
) -> None:
    body = json.dumps(ORDER).encode()
    answer = send(customer, "POST", "/api/orders", body, Idempotency_Key=key)
    assert paths(problem(answer, 400)) == {"Idempotency-Key"}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", "limit"),
        ("limit=51", "limit"),
        ("limit=ten", "limit"),
        ("limit", "limit"),
        ("limit=%ff", "limit"),
        ("cursor=", "cursor"),
        ("cursor=%00%ff", "cursor"),
        ("cursor=WyJ4IiwgInkiXQ%3D%3D", "cursor"),
        (f"cursor={'A' * 513}", "cursor"),
    ],
)
def test_a_bad_limit_or_cursor_is_named(customer: Customer, query: str, wrong: str) -> None:
    answer = send(customer, "GET", f"/api/orders?{query}")
    assert paths(problem(answer, 400)) == {wrong}


@pytest.mark.parametrize("rest", ["", "/receipt"])
@pytest.mark.parametrize("order_id", ["x", "%00", "%ff", "a" * 26, "A" * 2000, "ORDER%23A"])
def test_a_malformed_order_id_is_as_one_that_nobody_has(
    customer: Customer, order_id: str, rest: str
) -> None:
    unknown = send(customer, "GET", f"/api/orders/{UNKNOWN}{rest}")
    malformed = send(customer, "GET", f"/api/orders/{order_id}{rest}")
    assert problem(malformed, 404) == problem(unknown, 404)


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api"),
        ("GET", "/api/admin/orders"),
        ("GET", f"/api/orders/{UNKNOWN}/receipt/more"),
        ("GET", "/api/orders/..%2f..%2fproducts"),
        ("POST", "/api/products"),
        ("PUT", f"/api/orders/{UNKNOWN}"),
        ("DELETE", "/api/orders"),
        ("OPTIONS", "/api/orders"),
        ("PROPFIND", "/api/products"),
    ],
)
def test_an_unknown_route_or_method_is_not_there_whoever_asks(
    customer: Customer, method: str, path: str, signed_in: bool
) -> None:
    token = {} if signed_in else {"Authorization": None}
    problem(send(customer, method, path, **token), 404)
