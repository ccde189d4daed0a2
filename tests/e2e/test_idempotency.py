"""The same request twice is one order, whatever happened to it the first time."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from localcloud import web
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import Customer, LiveSystem
from tests.support.wire import send

_STOCK, _PRICE = 10, 1000


@pytest.fixture
def product(shop: LiveSystem) -> str:
    return shop.product(available=_STOCK, price=_PRICE)


@pytest.fixture
def customer(shop: LiveSystem) -> Customer:
    return shop.customer()


def body(product: str, quantity: int = 1) -> dict[str, Any]:
    return {
        "lines": [{"productId": product, "quantity": quantity}],
        "expectedTotal": {"amount": _PRICE * quantity, "currency": "USD"},
        "paymentMethod": "pm_card_visa",
    }


def reordered(value: Any) -> Any:
    """The same JSON value, its keys written in the opposite order."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(each) for each in value] if isinstance(value, list) else value


def post(customer: Customer, order: Any, key: str) -> web.Response:
    return customer.request("POST", "/api/orders", order, **{"Idempotency-Key": key})


def listed(customer: Customer) -> list[Any]:
    return customer.request("GET", "/api/orders").json()["orders"]


def accepted(answer: web.Response) -> str:
    assert answer.status == 202, answer.body
    order_id = answer.json()["orderId"]
    assert answer.headers["Location"] == f"/api/orders/{order_id}"
    return order_id


def assert_bought_once(shop: LiveSystem, order_id: str, product: str, quantity: int = 1) -> None:
    """Confirmed, charged and taken from stock once."""
    order = shop.settled(order_id)
    assert (order["status"], order["total"]) == ("CONFIRMED", _PRICE * quantity)
    assert [intent.amount_received for intent in shop.intents(order_id)] == [order["total"]]
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=_STOCK)


@pytest.mark.parametrize("again", [dict, reordered], ids=["the same bytes", "other key order"])
def test_the_same_request_later_finds_its_order(
    shop: LiveSystem, customer: Customer, product: str, again: Callable[[Any], Any]
) -> None:
    key = uuid.uuid4().hex
    first = accepted(post(customer, body(product), key))
    shop.settled(first)
    version = shop.order(first)["version"]

    answer = post(customer, again(body(product)), key)

    assert accepted(answer) == first
    assert answer.json()["status"] == "CONFIRMED"
    assert shop.order(first)["version"] == version
    assert_bought_once(shop, first, product)


def test_the_same_request_at_the_same_moment_is_one_order(
    shop: LiveSystem, customer: Customer, product: str
) -> None:
    key, requests = uuid.uuid4().hex, [body(product), reordered(body(product))] * 3
    start = Barrier(len(requests))

    def at_once(order: Any) -> str:
        start.wait()
        return accepted(post(customer, order, key))

    with ThreadPoolExecutor(len(requests)) as pool:
        (order_id,) = set(pool.map(at_once, requests))

    assert_bought_once(shop, order_id, product)
    assert [each["orderId"] for each in listed(customer)] == [order_id]


def test_the_same_key_with_another_body_is_refused_and_leaves_the_order_alone(
    shop: LiveSystem, customer: Customer, product: str
) -> None:
    key = uuid.uuid4().hex
    first = accepted(post(customer, body(product), key))
    shop.settled(first)
    before = shop.order(first)

    answer = post(customer, body(product, quantity=2), key)

    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Idempotency-Key" in answer.json()["detail"]
    assert shop.order(first) == before
    assert_bought_once(shop, first, product)


def test_two_bodies_under_one_key_at_the_same_moment_are_one_order(
    shop: LiveSystem, customer: Customer, product: str
) -> None:
    key = uuid.uuid4().hex
    start = Barrier(2)

    def at_once(quantity: int) -> web.Response:
        start.wait()
        return post(customer, body(product, quantity), key)

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip((1, 2), pool.map(at_once, (1, 2)), strict=True))

    assert sorted(answer.status for answer in answers.values()) == [202, 422]
    (quantity,) = [each for each, answer in answers.items() if answer.status == 202]
    assert_bought_once(shop, accepted(answers[quantity]), product, quantity)


def test_two_customers_may_use_the_same_key(shop: LiveSystem) -> None:
    key = uuid.uuid4().hex
    products = [shop.product(available=_STOCK, price=_PRICE) for _ in range(2)]
    orders = [accepted(post(shop.customer(), body(each), key)) for each in products]

    assert len(set(orders)) == 2
    for order_id, product in zip(orders, products, strict=True):
        assert_bought_once(shop, order_id, product)


def test_the_same_basket_under_another_key_is_a_second_order(
    shop: LiveSystem, customer: Customer, product: str
) -> None:
    orders = [accepted(post(customer, body(product), uuid.uuid4().hex)) for _ in range(2)]

    assert len(set(orders)) == 2
    for order_id in orders:
        assert shop.settled(order_id)["status"] == "CONFIRMED"
        assert_money_is_exact(shop, order_id)
    assert shop.available(product) == _STOCK - 2


@pytest.mark.parametrize(
    "key",
    [None, "", "two words", "schlüssel".encode().decode("latin-1"), "k" * 256],
    ids=["missing", "empty", "with a blank", "not ASCII", "too long"],
)
def test_without_a_proper_key_nothing_is_ordered(
    customer: Customer, product: str, key: str | None
) -> None:
    content = json.dumps(body(product)).encode()

    answer = send(customer, "POST", "/api/orders", content, Idempotency_Key=key)

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    faults = json.loads(answer.body)["errors"]
    assert {fault["path"] for fault in faults} == {"Idempotency-Key"}
    assert listed(customer) == []


def test_the_longest_key_is_taken(shop: LiveSystem, customer: Customer, product: str) -> None:
    order_id = accepted(post(customer, body(product), "~" * 255))
    assert_bought_once(shop, order_id, product)


def test_an_order_whose_run_did_not_start_is_started_by_the_same_request(
    shop: LiveSystem, customer: Customer, product: str
) -> None:
    key = uuid.uuid4().hex
    with shop.unstarted():
        answer = post(customer, body(product), key)
        order_id = accepted(answer)
        assert (answer.json()["status"], answer.json()["version"]) == ("RECEIVED", 1)
        assert accepted(post(customer, body(product), key)) == order_id
        assert post(customer, body(product, quantity=2), key).status == 422
    assert shop.order(order_id)["version"] == 1
    assert shop.listed("open", order_id)

    assert accepted(post(customer, body(product), key)) == order_id

    assert_bought_once(shop, order_id, product)
