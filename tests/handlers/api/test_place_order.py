import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from handlers.domain.clock import timestamp
from handlers.domain.order import OPEN_SHARDS, order_id
from tests.support.database import all_orders, everything, put_order
from tests.support.rest_client import RestClient
from tests.support.state_machine import StateMachine

Body = dict[str, Any]
ID = order_id("customer-anna", "key-1")


def test_an_order_is_accepted_and_told_where_to_follow_it(anna: RestClient, basket: Body) -> None:
    answer = anna.place(basket, "key-1")
    assert answer.status == 202
    assert answer.body == {"orderId": ID, "status": "RECEIVED", "version": 1}
    assert answer.headers["location"] == f"/api/orders/{ID}"
    assert answer.headers["cache-control"] == "no-store"


def test_the_order_is_written_as_asked_by_whom_and_due(anna: RestClient, basket: Body) -> None:
    before = timestamp()
    anna.place(basket | {"name": "Łukasz 漢字"}, "key-1")
    [order] = all_orders()
    created = order["createdAt"]
    assert before <= created <= timestamp()
    assert len(order.pop("fingerprint")) == 43
    assert order.pop("openShard") in OPEN_SHARDS
    assert created < order.pop("dueAt")
    assert order == {
        "orderId": ID,
        "name": "Łukasz 漢字",
        "lines": basket["lines"],
        "paymentMethod": basket["paymentMethod"],
        "total": basket["expectedTotal"]["amount"],
        "customerId": "customer-anna",
        "email": "anna@example.com",
        "currency": "USD",
        "status": "RECEIVED",
        "version": 1,
        "attempts": 0,
        "attention": {},
        "timeline": [{"status": "RECEIVED", "at": created}],
        "createdAt": created,
    }


def test_the_workflow_is_started_once_the_order_is_written(
    anna: RestClient, machine: StateMachine, basket: Body
) -> None:
    anna.place(basket, "key-1")
    assert machine.started == [f"{ID}-1"]


def test_the_same_request_twice_is_one_order_and_the_same_answer(
    anna: RestClient, machine: StateMachine, basket: Body
) -> None:
    first = anna.place(basket, "key-1")
    stored = all_orders()
    second = anna.place(basket, "key-1")
    assert (first.status, first.body, first.headers) == (
        second.status,
        second.body,
        second.headers,
    )
    assert all_orders() == stored
    assert {name.split("-")[0] for name in machine.started} == {ID}


def test_the_order_of_json_keys_and_the_spaces_between_them_do_not_matter(
    anna: RestClient, basket: Body
) -> None:
    anna.place(basket, "key-1")
    turned = dict(reversed(basket.items()))
    turned["lines"] = [dict(reversed(line.items())) for line in basket["lines"]]
    text = json.dumps(turned, indent=3)
    assert text != json.dumps(basket)
    assert anna.place(text, "key-1").status == 202
    assert len(all_orders()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"lines": [{"productId": "mug", "quantity": 3}, {"productId": "pen", "quantity": 1}]},
        {"lines": [{"productId": "pen", "quantity": 1}, {"productId": "mug", "quantity": 2}]},
        {"expectedTotal": {"amount": 2802, "currency": "USD"}},
        {"expectedTotal": {"amount": 2801, "currency": "EUR"}},
        {"paymentMethod": "pm_card_mastercard"},
        {"name": "Anna"},
    ],
)
def test_the_same_key_with_another_body_is_refused_and_changes_nothing(
    anna: RestClient, machine: StateMachine, basket: Body, change: Body
) -> None:
    anna.place(basket, "key-1")
    before = everything()
    answer = anna.place(basket | change, "key-1")
    assert answer.status == 422
    assert "Idempotency-Key" in answer.body["detail"]
    assert everything() == before
    assert len(machine.started) == 1


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        (0, "USD", "must be at least $0.50"),
        (49, "USD", "must be at least $0.50"),
        (100_000_000, "USD", "must be at most $999,999.99"),
        (49, "JPY", "must be at least ¥50"),
        (5000, "KWD", "is in KWD, which this shop doesn't take"),
    ],
)
def test_a_total_that_can_not_be_paid_is_refused_and_leaves_nothing_behind(
    anna: RestClient,
    machine: StateMachine,
    basket: Body,
    amount: int,
    currency: str,
    message: str,
) -> None:
    total = {"expectedTotal": {"amount": amount, "currency": currency}}
    answer = anna.place(basket | total, "key-1")
    assert answer.status == 422
    assert answer.body["errors"] == [{"path": "expectedTotal", "message": message}]
    assert (all_orders(), machine.started) == ([], [])


def test_two_customers_with_the_same_key_have_two_orders(
    anna: RestClient, ben: RestClient, basket: Body
) -> None:
    mine, theirs = anna.place(basket, "key-1"), ben.place(basket, "key-1")
    assert mine.body["orderId"] != theirs.body["orderId"]
    assert {order["customerId"] for order in all_orders()} == {"customer-anna", "customer-ben"}


def test_the_same_basket_under_another_key_is_another_order(anna: RestClient, basket: Body) -> None:
    anna.place(basket, "key-1")
    anna.place(basket, "key-2")
    assert len(all_orders()) == 2


def test_a_key_is_read_whatever_the_case_of_its_header(anna: RestClient, basket: Body) -> None:
    answer = anna.request("POST", "/api/orders", basket, **{"idempotency-key": "key-1"})
    assert answer.body["orderId"] == ID


FAILURES = [
    ClientError({"Error": {"Code": "StateMachineDoesNotExist", "Message": ""}}, "StartExecution"),
    ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "StartExecution"),
    ReadTimeoutError(endpoint_url="https://states.us-east-1.amazonaws.com"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_an_order_whose_workflow_did_not_start_is_accepted_and_due_and_a_repetition_starts_it(
    anna: RestClient, machine: StateMachine, basket: Body, failure: Exception
) -> None:
    machine.failure = failure
    first = anna.place(basket, "key-1")
    assert (first.status, machine.started) == (202, [])
    assert all_orders()[0]["dueAt"] <= timestamp()
    machine.failure = None
    assert anna.place(basket, "key-1").body == first.body
    assert [name.startswith(f"{ID}-1") for name in machine.started] == [True]


def test_a_run_that_ended_without_a_trace_can_be_started_again_by_the_customer(
    anna: RestClient, machine: StateMachine, basket: Body
) -> None:
    """STANDARD keeps a run's name for 90 days, and takes no other run of that name."""
    anna.place(basket, "key-1")
    assert anna.place(basket, "key-1").status == 202
    first, again = machine.started
    assert first == f"{ID}-1"
    assert re.fullmatch(rf"{ID}-1-\d{{12}}", again)


@pytest.mark.parametrize(
    ("status", "attempts", "due", "starts"),
    [
        ("RECEIVED", 0, False, True),
        ("RECEIVED", 1, False, False),
        ("RECEIVED", 1, True, True),
        ("VALIDATED", 0, False, False),
        ("INVENTORY_RESERVED", 3, True, True),
    ],
)
def test_a_repetition_never_hurries_an_order_that_a_fault_was_counted_of(
    anna: RestClient,
    machine: StateMachine,
    basket: Body,
    status: str,
    attempts: int,
    due: bool,
    starts: bool,
) -> None:
    anna.place(basket, "key-1")
    [order] = all_orders()
    at = timestamp(datetime.now(UTC) + timedelta(minutes=-1 if due else 1))
    put_order(order | {"status": status, "attempts": attempts, "dueAt": at})
    before = everything()
    assert anna.place(basket, "key-1").status == 202
    assert len(machine.started) == 1 + starts
    assert everything() == before


@pytest.mark.parametrize("status", ["VALIDATED", "CONFIRMED", "REJECTED"])
def test_a_repetition_tells_how_far_the_order_has_come_and_starts_nothing(
    anna: RestClient, machine: StateMachine, basket: Body, status: str
) -> None:
    anna.place(basket, "key-1")
    [order] = all_orders()
    put_order(order | {"status": status, "version": 7})
    answer = anna.place(basket, "key-1")
    assert answer.status == 202
    assert answer.body == {"orderId": ID, "status": status, "version": 7}
    assert len(machine.started) == 1


def test_the_e_mail_address_is_the_tokens_and_no_one_elses(anna: RestClient, basket: Body) -> None:
    answer = anna.place(basket | {"email": "someone@example.com"})
    assert answer.faults == {"email": "is not known here"}
    assert all_orders() == []


def test_a_price_in_a_line_is_refused_as_unknown(anna: RestClient, basket: Body) -> None:
    basket["lines"][0]["unitPrice"] = 1
    assert anna.place(basket).faults == {"lines[0].unitPrice": "is not known here"}
