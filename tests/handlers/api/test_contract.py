"""What a client sends is held against the contract, and every fault is told at once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.database import all_orders
from tests.support.rest_client import RestClient
from tests.support.state_machine import StateMachine

Body = dict[str, Any]
MUG = {"productId": "mug", "quantity": 1}


@pytest.fixture(autouse=True)
def nothing_is_stored_or_started(anna: RestClient, machine: StateMachine) -> Iterator[None]:
    """Whatever a test here sends is refused, and leaves nothing behind."""
    yield
    assert all_orders() == []
    assert machine.started == []


def faults_of(anna: RestClient, body: Any) -> dict[str, str]:
    answer = anna.place(body)
    assert answer.status == 422, answer
    return answer.faults


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"lines": []}, "lines", "must contain at least 1 items"),
        ({"lines": {}}, "lines", "must be array"),
        ({"lines": "mug"}, "lines", "must be array"),
        ({"lines": None}, "lines", "must be array"),
        ({"lines": ["mug"]}, "lines[0]", "must be object"),
        ({"lines": [MUG, None]}, "lines[1]", "must be object"),
        ({"lines": [MUG | {"productId": 7}]}, "lines[0].productId", "must be string"),
        ({"lines": [MUG | {"productId": 1.5}]}, "lines[0].productId", "must be string"),
        ({"expectedTotal": 2801}, "expectedTotal", "must be object"),
        ({"paymentMethod": 4242424242424242}, "paymentMethod", "must be string"),
        ({"name": 1.5}, "name", "must be string"),
        ({"name": ["Anna"]}, "name", "must be string"),
        ({"name": ""}, "name", "must be longer than or equal to 1 characters"),
        ({"name": "a" * 101}, "name", "must be shorter than or equal to 100 characters"),
    ],
)
def test_a_wrong_type_or_length_is_named_with_its_path(
    anna: RestClient, basket: Body, change: Body, path: str, message: str
) -> None:
    assert faults_of(anna, basket | change) == {path: message}


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        (0, "must be bigger than or equal to 1"),
        (-1, "must be bigger than or equal to 1"),
        (1001, "must be smaller than or equal to 1000"),
        (10**9, "must be smaller than or equal to 1000"),
        (1.0, "must be integer"),
        (1.5, "must be integer"),
        (1e3, "must be integer"),
        ("1", "must be integer"),
        (True, "must be integer"),
        (None, "must be integer"),
        ([1], "must be integer"),
    ],
)
def test_a_quantity_is_a_whole_number_from_1_to_1000(
    anna: RestClient, basket: Body, quantity: Any, message: str
) -> None:
    basket["lines"][1]["quantity"] = quantity
    assert faults_of(anna, basket) == {"lines[1].quantity": message}


@pytest.mark.parametrize("amount", [-1, 1.0, 28.01, "2801", 10**11 + 1, None])
def test_an_amount_is_a_whole_number_of_minor_units(
    anna: RestClient, basket: Body, amount: Any
) -> None:
    basket["expectedTotal"]["amount"] = amount
    assert list(faults_of(anna, basket)) == ["expectedTotal.amount"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("paymentMethod", "4242424242424242"),
        ("paymentMethod", "pm_"),
        ("paymentMethod", "pm_card\n"),
        ("name", "Anna\nBcc: all@example.com"),
        ("name", "\u0000"),
    ],
)
def test_a_text_that_does_not_look_right_is_named(
    anna: RestClient, basket: Body, place: str, value: str
) -> None:
    assert list(faults_of(anna, basket | {place: value})) == [place]


@pytest.mark.parametrize("product_id", ["Mug", "mug ", "mug\n", "", "x" * 65, "PRODUCT#mug"])
def test_a_product_id_has_lower_case_letters_digits_and_hyphens(
    anna: RestClient, basket: Body, product_id: str
) -> None:
    basket["lines"][0]["productId"] = product_id
    assert list(faults_of(anna, basket)) == ["lines[0].productId"]


def test_everything_that_is_missing_is_named_at_once(anna: RestClient) -> None:
    assert faults_of(anna, {}) == dict.fromkeys(
        ["lines", "expectedTotal", "paymentMethod"], "is required"
    )
    assert set(faults_of(anna, {"lines": [{}], "expectedTotal": {}, "paymentMethod": "pm_x"})) == {
        "lines[0].productId",
        "lines[0].quantity",
        "expectedTotal.amount",
        "expectedTotal.currency",
    }


def test_everything_that_is_unknown_is_named_at_once(anna: RestClient, basket: Body) -> None:
    basket["lines"][1] |= {"price": 1}
    basket["expectedTotal"] |= {"vat": 1}
    assert faults_of(anna, basket | {"coupon": "X", "admin": True}) == dict.fromkeys(
        ["admin", "coupon", "lines[1].price", "expectedTotal.vat"], "is not known here"
    )


def test_faults_of_every_kind_are_named_at_once(anna: RestClient) -> None:
    body = {
        "lines": [{"productId": "MUG", "quantity": 0}, {"quantity": 1.0, "colour": "red"}],
        "expectedTotal": {"amount": "1", "currency": "usd"},
        "coupon": "X",
    }
    assert set(faults_of(anna, body)) == {
        "lines[0].productId",
        "lines[0].quantity",
        "lines[1].productId",
        "lines[1].quantity",
        "lines[1].colour",
        "expectedTotal.amount",
        "expectedTotal.currency",
        "paymentMethod",
        "coupon",
    }


def test_a_product_may_stand_in_one_line_only(anna: RestClient, basket: Body) -> None:
    basket["lines"] = [MUG, MUG | {"productId": "pen"}, MUG | {"quantity": 2}, MUG]
    message = "is in the order already; raise its quantity instead"
    assert faults_of(anna, basket) == dict.fromkeys(
        ["lines[2].productId", "lines[3].productId"], message
    )


def test_an_order_has_twenty_lines_at_most(anna: RestClient, basket: Body) -> None:
    basket["lines"] = [MUG | {"productId": f"p-{number}"} for number in range(21)]
    assert faults_of(anna, basket) == {"lines": "must contain less than or equal to 20 items"}


@pytest.mark.parametrize("body", ["[]", "null", "7", '"text"', "true", "1.0"])
def test_a_body_that_is_no_object_is_named_as_a_whole(anna: RestClient, body: str) -> None:
    assert faults_of(anna, body) == {"": "must be object"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "{'lines': []}",
        '{"lines": [],}',
        '{"lines": NaN}',
        '{"lines": -Infinity}',
        '{"name": "\\ud800"}',
        '{"lines": ' + "9" * 5000 + "}",
        "[" * 10_000,
        b"\xff\xfe",
        b'{"name": "\xc3\x28"}',
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_is_not_json_in_utf_8_is_a_bad_request(anna: RestClient, body: str | bytes) -> None:
    answer = anna.place(body)
    assert (answer.status, "errors" in answer.body) == (400, False)


@pytest.mark.parametrize("opened", ['{"lines":', "["])
def test_deep_nesting_is_refused(anna: RestClient, opened: str) -> None:
    """How deep JSON may go is the interpreter's to say; what it reads fails the schema."""
    closed = "}" if "{" in opened else "]"
    assert anna.place(opened * 3000 + "1" + closed * 3000).status in (400, 422)


@pytest.mark.parametrize("size", [32 * 1024 + 1, 1024 * 1024])
def test_a_large_body_is_refused_unread(anna: RestClient, basket: Body, size: int) -> None:
    text = json.dumps(basket)
    assert anna.place(text + " " * (size - len(text))).status == 413
    assert anna.place(b"\xff" * size).status == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/jsonp", ""])
def test_another_content_type_is_refused(anna: RestClient, basket: Body, kind: str) -> None:
    assert anna.place(basket, Content_Type=kind).status == 415


@pytest.mark.parametrize("key", ["", "a b", "ключ", "a\n", "a\u007f", "x" * 256])
def test_a_malformed_idempotency_key_is_a_bad_request(
    anna: RestClient, basket: Body, key: str
) -> None:
    answer = anna.request("POST", "/api/orders", basket, Idempotency_Key=key)
    assert (answer.status, list(answer.faults)) == (400, ["Idempotency-Key"])


def test_a_missing_idempotency_key_is_a_bad_request(anna: RestClient, basket: Body) -> None:
    answer = anna.request("POST", "/api/orders", basket)
    assert (answer.status, list(answer.faults)) == (400, ["Idempotency-Key"])
