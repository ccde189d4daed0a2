import base64
import json
from typing import Any

import pytest

from handlers.domain.order import AT_REST, OrderStatus
from tests.support.database import ORDER_ID, Item, an_order, down, everything, put_order
from tests.support.rest_client import RestClient

NOWHERE = "Z" * 26


def the_order(number: int, **changes: Any) -> Item:
    """One of up to sixty orders, each a second after the one before."""
    tail = chr(65 + number // 26) + chr(65 + number % 26)
    order_id = f"{tail:A>26}"
    created = f"2026-11-22T10:25:{number:02}.000Z"
    keys = {"orderId": order_id, "createdAt": created}
    return put_order(an_order("CONFIRMED", **(keys | changes)))


def listed(answer: Any) -> list[str]:
    return [order["createdAt"][17:19] for order in answer.body["orders"]]


def cursor_of(*place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def test_an_order_shows_what_the_tracking_page_needs_and_nothing_else(anna: RestClient) -> None:
    timeline = [
        {"status": "RECEIVED", "at": "2026-11-22T10:25:10.000Z"},
        {"status": "VALIDATED", "at": "2026-11-22T10:25:10.050Z", "run": "run-7", "detail": "ok"},
    ]
    internal = {"payment": {"intentId": "pi_1"}, "lastFault": {"cause": "x"}, "attempts": 2}
    put_order(an_order("VALIDATED", timeline=timeline, name="Anna", **internal))
    answer = anna.get(f"/api/orders/{ORDER_ID}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body == {
        "orderId": ORDER_ID,
        "status": "VALIDATED",
        "version": 3,
        "createdAt": "2026-11-22T10:25:10.000Z",
        "lines": [
            {
                "productId": "mug",
                "name": "Enamel Mug",
                "quantity": 2,
                "unitPrice": {"amount": 1400, "currency": "USD"},
            },
            {
                "productId": "pen",
                "name": "Pen",
                "quantity": 1,
                "unitPrice": {"amount": 1, "currency": "USD"},
            },
        ],
        "total": {"amount": 2801, "currency": "USD"},
        "timeline": [
            {"status": "RECEIVED", "at": "2026-11-22T10:25:10.000Z"},
            {"status": "VALIDATED", "at": "2026-11-22T10:25:10.050Z"},
        ],
        "receiptAvailable": False,
        "settled": False,
    }


def test_a_new_order_shows_what_the_customer_expects_to_pay(
    anna: RestClient, basket: dict[str, Any]
) -> None:
    order_id = anna.place(basket).body["orderId"]
    shown = anna.get(f"/api/orders/{order_id}").body
    assert shown["lines"] == basket["lines"]
    assert shown["total"] == basket["expectedTotal"]
    assert (shown["status"], shown["version"]) == ("RECEIVED", 1)


def test_the_total_is_the_servers_once_it_is_known(anna: RestClient) -> None:
    put_order(an_order("VALIDATED", expectedTotal={"amount": 1, "currency": "USD"}))
    assert anna.get(f"/api/orders/{ORDER_ID}").body["total"]["amount"] == 2801


@pytest.mark.parametrize("status", OrderStatus)
def test_an_order_is_settled_when_it_has_ended_and_its_receipt_is_there_if_it_gets_one(
    anna: RestClient, status: OrderStatus
) -> None:
    put_order(an_order(status))
    order, [listed] = anna.get(f"/api/orders/{ORDER_ID}"), anna.get("/api/orders").body["orders"]
    assert order.body["settled"] is (status in {"REJECTED", "CANCELLED"})
    assert listed["settled"] is (status in AT_REST)
    put_order(an_order(status, receiptStored=True))
    order = anna.get(f"/api/orders/{ORDER_ID}")
    assert order.body["settled"] is listed["settled"]


def test_a_receipt_is_available_once_it_is_noted(anna: RestClient) -> None:
    put_order(an_order("CONFIRMED", receiptStored=True))
    assert anna.get(f"/api/orders/{ORDER_ID}").body["receiptAvailable"] is True


def test_another_customers_order_is_as_if_it_did_not_exist(ben: RestClient) -> None:
    put_order(an_order("CONFIRMED"))
    theirs, nothing = ben.get(f"/api/orders/{ORDER_ID}"), ben.get(f"/api/orders/{NOWHERE}")
    assert theirs == nothing
    assert theirs.status == 404


@pytest.mark.parametrize("order_id", ["x", ORDER_ID.lower(), ORDER_ID + "A", "ORDER%23", "1" * 26])
def test_a_malformed_order_id_is_not_there_and_never_looked_up(
    anna: RestClient, order_id: str
) -> None:
    nothing = anna.get(f"/api/orders/{NOWHERE}")
    with down("dynamodb", "get_item"):
        assert anna.get(f"/api/orders/{order_id}") == nothing


def test_the_list_has_ones_own_orders_newest_first(anna: RestClient, ben: RestClient) -> None:
    for number in (1, 3, 2):
        the_order(number)
    the_order(4, customerId="customer-ben")
    assert listed(anna.get("/api/orders")) == ["03", "02", "01"]
    assert listed(ben.get("/api/orders")) == ["04"]


def test_the_list_shows_a_summary_of_each(anna: RestClient) -> None:
    put_order(an_order("CONFIRMED"))
    answer = anna.get("/api/orders")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body == {
        "orders": [
            {
                "orderId": ORDER_ID,
                "status": "CONFIRMED",
                "version": 3,
                "createdAt": "2026-11-22T10:25:10.000Z",
                "settled": True,
                "total": {"amount": 2801, "currency": "USD"},
            }
        ]
    }


def test_a_customer_without_orders_has_an_empty_list(anna: RestClient) -> None:
    assert anna.get("/api/orders").body == {"orders": []}


def test_the_list_is_followed_by_its_cursor_to_its_end(anna: RestClient) -> None:
    for number in range(7):
        the_order(number)
    pages: list[list[str]] = []
    path = "/api/orders?limit=3"
    while True:
        answer = anna.get(path)
        pages.append(listed(answer))
        if "cursor" not in answer.body:
            break
        path = f"/api/orders?limit=3&cursor={answer.body['cursor']}"
    assert pages == [["06", "05", "04"], ["03", "02", "01"], ["00"]]


def test_a_page_has_twenty_orders_unless_told(anna: RestClient) -> None:
    for number in range(21):
        the_order(number)
    assert len(anna.get("/api/orders").body["orders"]) == 20
    assert len(anna.get("/api/orders?limit=50").body["orders"]) == 21


def test_an_order_placed_between_two_pages_hides_none(anna: RestClient) -> None:
    for number in range(4):
        the_order(number)
    cursor = anna.get("/api/orders?limit=2").body["cursor"]
    the_order(9)
    assert listed(anna.get(f"/api/orders?limit=2&cursor={cursor}")) == ["01", "00"]


def test_another_customers_cursor_shows_only_ones_own(anna: RestClient, ben: RestClient) -> None:
    for number in range(4):
        the_order(number)
    for number in (10, 11):
        the_order(number, customerId="customer-ben", createdAt="2026-11-22T10:25:00.500Z")
    cursor = anna.get("/api/orders?limit=2").body["cursor"]
    theirs = ben.get(f"/api/orders?cursor={cursor}").body["orders"]
    assert [order["orderId"][-2:] for order in theirs] == ["AL", "AK"]


@pytest.mark.parametrize("limit", ["0", "51", "-1", "1.0", "1e1", "ten", "", "9999999", "٣", " 5"])
def test_a_bad_limit_is_named(anna: RestClient, limit: str) -> None:
    answer = anna.get(f"/api/orders?limit={limit}")
    assert (answer.status, list(answer.faults)) == (400, ["limit"])


BAD_CURSORS = [
    "",
    "x",
    "é",
    "%00",
    "A" * 513,
    cursor_of(),
    cursor_of("2026"),
    cursor_of("2026", NOWHERE, "more"),
    cursor_of(2026, NOWHERE),
    cursor_of("2026", 7),
    cursor_of("' OR 1=1", NOWHERE),
    cursor_of("2026", "customer-ben"),
    cursor_of(["2026"], {"S": NOWHERE}),
    base64.urlsafe_b64encode(b'{"a": 1, "b": 2}').decode(),
    base64.urlsafe_b64encode(b"[" * 300).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


@pytest.mark.parametrize("cursor", BAD_CURSORS, ids=range(len(BAD_CURSORS)))
def test_a_bad_cursor_is_named(anna: RestClient, cursor: str) -> None:
    answer = anna.get(f"/api/orders?cursor={cursor}")
    assert (answer.status, list(answer.faults)) == (400, ["cursor"])


def test_looking_changes_nothing(anna: RestClient) -> None:
    put_order(an_order("CONFIRMED"))
    before = everything()
    anna.get(f"/api/orders/{ORDER_ID}")
    anna.get("/api/orders")
    assert everything() == before
