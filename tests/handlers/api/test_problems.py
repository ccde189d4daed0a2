"""Who may not, what is not there, and what goes wrong: never an exception, never a secret."""

import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.adapters import inventory_table, order_table
from tests.support.database import ORDER_ID, all_orders, an_order, down, put_order
from tests.support.rest_client import RestClient, token

CUSTOMERS_ONLY = [
    ("GET", "/api/orders"),
    ("POST", "/api/orders"),
    ("GET", f"/api/orders/{ORDER_ID}"),
    ("GET", f"/api/orders/{ORDER_ID}/receipt"),
]
SECRET = "secret host 10.0.0.7 is down"


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


NOT_PROVEN: dict[str, dict[str, str] | None] = {
    "no claims": None,
    "empty claims": {},
    "an access token": token("anna", token_use="access"),
    "a token of no use": {k: v for k, v in token("anna").items() if k != "token_use"},
    "an unverified e-mail": token("anna", email_verified="false"),
    "no e-mail": {k: v for k, v in token("anna").items() if k != "email"},
    "an e-mail that nobody verified": {
        k: v for k, v in token("anna").items() if k != "email_verified"
    },
    "nobody's token": token("anna", sub=""),
}


@pytest.mark.parametrize("claims", NOT_PROVEN.values(), ids=list(NOT_PROVEN))
@pytest.mark.parametrize(("method", "path"), CUSTOMERS_ONLY)
def test_who_does_not_prove_who_they_are_learns_and_changes_nothing(
    anna: RestClient,
    basket: dict[str, Any],
    claims: dict[str, str] | None,
    method: str,
    path: str,
) -> None:
    put_order(an_order("CONFIRMED", receiptStored=True))
    stranger = RestClient(claims)
    body = basket if method == "POST" else None
    answer = stranger.request(method, path, body, Idempotency_Key="key-1")
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert len(all_orders()) == 1


@pytest.mark.parametrize("verified", ["true", "True", True])
def test_a_verified_address_is_known_however_the_gateway_writes_it(
    anna: RestClient, verified: Any
) -> None:
    assert RestClient(token("anna", email_verified=verified)).get("/api/orders").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api"),
        ("GET", "/api/order"),
        ("GET", f"/api/orders/{ORDER_ID}/receipt/more"),
        ("GET", "/api/admin/orders"),
        ("DELETE", "/api/orders"),
        ("PUT", f"/api/orders/{ORDER_ID}"),
        ("POST", "/api/products"),
        ("OPTIONS", "/api/orders"),
        ("PATCH", "/api/products/mug"),
    ],
)
def test_an_unknown_route_or_method_is_a_problem_that_says_so(
    anna: RestClient, method: str, path: str
) -> None:
    answer = anna.request(method, path)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here.",
    }


@pytest.mark.usefixtures("inventory_table")
@pytest.mark.parametrize(
    ("route", "operation"),
    [
        ("GET /api/products", "get_paginator"),
        ("GET /api/products/mug", "batch_get_item"),
        ("POST /api/orders", "put_item"),
        ("GET /api/orders", "query"),
        (f"GET /api/orders/{ORDER_ID}", "get_item"),
        (f"GET /api/orders/{ORDER_ID}/receipt", "get_item"),
    ],
)
def test_a_fault_behind_any_route_is_a_500_that_tells_the_log_and_not_the_client(
    anna: RestClient, basket: dict[str, Any], log: io.StringIO, route: str, operation: str
) -> None:
    method, path = route.split()
    body = basket if method == "POST" else None
    with down("dynamodb", operation, SECRET):
        answer = anna.request(method, path, body, Idempotency_Key="key-1")
    assert answer.status == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body["detail"] == "Something went wrong on our side."
    assert SECRET not in json.dumps(answer.body)
    [failed] = [line for line in lines(log) if line["level"] == "ERROR"]
    assert SECRET in failed["exception"]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": SECRET}}, "Query"),
        KeyError("total"),
        RecursionError(),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_nothing_that_is_raised_escapes(
    anna: RestClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(order_table, "page", fail)
    assert anna.get("/api/orders").status == 500


def test_a_function_that_was_told_nothing_says_so_in_its_log_alone(
    anybody: RestClient, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    monkeypatch.delenv("INVENTORY_TABLE", raising=False)
    answer = anybody.get("/api/products")
    assert (answer.status, "INVENTORY_TABLE" in json.dumps(answer.body)) == (500, False)
    assert "INVENTORY_TABLE" in log.getvalue()


def test_a_clients_mistake_is_no_error_of_ours(
    anna: RestClient, log: io.StringIO, basket: dict[str, Any]
) -> None:
    anna.place(basket | {"lines": []})
    anna.get(f"/api/orders/{'Z' * 26}")
    RestClient(None).get("/api/orders")
    assert [(line["level"], line["status"]) for line in lines(log)] == [
        ("INFO", 422),
        ("INFO", 404),
        ("INFO", 401),
    ]


def test_one_requests_keys_are_not_on_the_next_ones_log_lines(
    anna: RestClient, log: io.StringIO, basket: dict[str, Any]
) -> None:
    order_id = anna.place(basket).body["orderId"]
    anna.place(basket | {"lines": []})
    assert [(line["message"], line.get("orderId")) for line in lines(log)] == [
        ("accepted", order_id),
        ("refused", None),
    ]


def test_no_personal_data_and_no_token_is_logged(
    anna: RestClient, log: io.StringIO, basket: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.place(basket | {"name": "Anna Schmidt"}, "key-of-anna", Authorization="Bearer abc.def.ghi")
    anna.place(basket | {"name": "Anna Schmidt"}, "key-of-anna", Authorization="Bearer abc.def.ghi")
    anna.place(basket | {"name": "Anna\n"}, "key-of-anna")
    monkeypatch.setattr(inventory_table, "catalogue", lambda: [{}])
    anna.get("/api/products")
    told = log.getvalue()
    assert not [word for word in ("Anna", "example.com", "abc.def", "pm_card") if word in told]
