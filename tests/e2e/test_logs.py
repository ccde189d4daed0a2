"""What the functions log of a run: what is worth reading, and nothing about anybody.

Read from the running system's log groups, after everything that can be logged was made to happen.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.live_system import Customer, LiveSystem
from tests.support.payment_events import compare_books
from tests.support.wire import send

_NAME = "Zdzisława Brzęczyszczykiewicz"
_PLATFORM = ("START RequestId: ", "END RequestId: ", "REPORT RequestId: ")
# Dies with all that it knows of the customer, after it has found out.
_TELLS_ALL = """
from handlers.workflow.step import Step, logged

@logged
def lambda_handler(event, context):
    order = Step.of(event).order
    raise RuntimeError("gateway is away")
"""
_UNKNOWN = "A" * 26
_MAILER, _RECONCILER = "notifier-send-email", "reconciler-reconcile-orders"
_OUTCOMES = "notifier-outcomes-mail-outcome"
_BOOKS, _WEBHOOK = "payment-books-compare-books", "payment-webhook"


@dataclass(frozen=True)
class Day:
    """One customer's day at the shop: the orders by how they ended, and all that was logged."""

    customer: Customer
    orders: Mapping[str, str]
    lines: Mapping[str, list[str]]

    def told(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The functions' own lines, read, with the function each is from; metrics apart."""
        for function, messages in self.lines.items():
            for line in map(json.loads, messages):
                if "_aws" not in line:
                    yield function, line

    def of(self, order: str) -> list[tuple[str, dict[str, Any]]]:
        """The lines about one of the orders."""
        order_id = self.orders[order]
        return [(name, line) for name, line in self.told() if line.get("orderId") == order_id]


def _lived(shop: LiveSystem, customer: Customer) -> dict[str, str]:
    product = shop.product(available=5)
    happy = customer.accepted({product: 1}, name=_NAME)
    shop.settled(happy)
    customer.see(happy)
    customer.request("GET", f"/api/orders/{happy}/receipt")
    orders = {
        "happy": happy,
        "declined": customer.accepted({product: 1}, "pm_card_chargeDeclined", name=_NAME),
        "out of stock": customer.accepted({product: 99}, name=_NAME),
        "price changed": customer.accepted(
            {product: 1}, name=_NAME, expectedTotal={"amount": 51, "currency": "USD"}
        ),
    }
    for each in orders.values():
        shop.settled(each)
    orders["unknown method"] = customer.accepted({product: 1}, "pm_secretOfAnna", name=_NAME)
    shop.until(orders["unknown method"], lambda order: order["attempts"] == 1)
    with shop.broken("process_payment", _TELLS_ALL):
        orders["faulted"] = customer.accepted({product: 1}, name=_NAME)
        shop.until(orders["faulted"], lambda order: order["attempts"] == 1)
    shop.run(orders["faulted"])
    shop.settled(orders["faulted"])
    shop.reconcile()
    [intent] = shop.intents(happy)
    compare_books(shop, intentId=intent.id)
    return orders


def _refused_at_the_door(shop: LiveSystem, customer: Customer, known: str) -> None:
    send(customer, "POST", "/api/payments/webhook", b"{}")
    for path in (f"/api/orders/{_UNKNOWN}", f"/api/orders/{customer.email}"):
        send(customer, "GET", path)
    send(shop.customer(), "GET", f"/api/orders/{known}")
    body = json.dumps({"name": _NAME, "paymentMethod": "pm_card_visa", customer.email: 1})
    send(customer, "POST", "/api/orders", body.encode())
    customer.accepted({"nothing-of-that-name": 1}, key="used-key")
    assert customer.place({"nothing-of-that-name": 2}, key="used-key").status == 422


def _lines(shop: LiveSystem, since: int) -> dict[str, list[str]]:
    """What each function logged itself since then (ms), without Lambda's own report lines."""
    found: dict[str, list[str]] = {}
    for function in shop.aws.lambda_.list_functions()["Functions"]:
        pages = shop.aws.logs.get_paginator("filter_log_events").paginate(
            logGroupName=function["LoggingConfig"]["LogGroup"], startTime=since
        )
        name = function["FunctionName"].removeprefix("orders-dev-")
        messages = [event["message"] for page in pages for event in page["events"]]
        found[name] = [each for each in messages if not each.startswith(_PLATFORM)]
    return found


@pytest.fixture(scope="module")
def day(shop: LiveSystem) -> Day:
    since, customer = int(time.time() * 1000), shop.customer()
    bouncing = Customer(shop.outputs, "bounce+logs@simulator.amazonses.com")
    bouncing.accepted({shop.product(): 1}, name=_NAME)
    orders = _lived(shop, customer)
    _refused_at_the_door(shop, customer, orders["happy"])
    placed = {each["orderId"] for each in customer.request("GET", "/api/orders").json()["orders"]}
    placed.remove(orders["unknown method"])  # it waits for the shop to mend its keys
    for each in placed:
        shop.settled(each)

    def is_over(_: Any) -> bool:
        """The last that is heard of an order is that its mail is out."""
        lines = _lines(shop, since)
        mailed = sum("mail sent" in each for each in lines[_MAILER]) == len(placed) + 1
        reconciled = any("reconciled" in each for each in lines[_RECONCILER])
        outcome = any("mail outcome" in each for each in lines[_OUTCOMES])
        compared = any("one payment" in each for each in lines[_BOOKS])
        return mailed and reconciled and outcome and compared

    shop.until(orders["happy"], is_over)
    return Day(customer, orders, _lines(shop, since))


def test_every_line_is_json_with_level_message_and_time(day: Day) -> None:
    assert all(day.lines.values()), "every function has said something"
    for function, line in day.told():
        if "stackTrace" in line:  # Lambda's own line about an exception
            assert {"timestamp", "level", "errorType", "errorMessage"} <= set(line), function
        else:
            assert {"timestamp", "level", "message", "service"} <= set(line), function


def test_nothing_logged_is_personal_or_secret(shop: LiveSystem, day: Day) -> None:
    secrets = shop.aws.secretsmanager
    kept = [
        secrets.get_secret_value(SecretId=each["ARN"])["SecretString"]
        for each in secrets.list_secrets()["SecretList"]
    ]
    secret = {part for text in kept for part in re.findall(r"\w+", text) if len(part) > 20}
    assert len(secret) == 3  # the key that pays, the one that reads, what signs events
    secret |= {day.customer.email, day.customer.email.partition("@")[0], "@example.com"}
    secret |= {"bounce+logs", "@simulator"}
    secret |= {*_NAME.split(), day.customer.token, day.customer.token.split(".")[1], "Bearer"}
    secret |= {"pm_", "used-key", "X-Amz-Signature", "sk_test", "rk_test", "whsec_", "_secret_"}
    # As a text and as JSON may write it.
    secret |= {json.dumps(each)[1:-1] for each in secret}
    for function, messages in day.lines.items():
        for message in messages:
            assert not [each for each in secret if each in message], (function, message)


def test_a_happy_orders_story_is_seven_lines(day: Day) -> None:
    """Accepted, what each step came to, mailed. What went as it should needs no more than that.

    Left out are the webhook's line about each event, and that of the books about the payment.
    """
    story = sorted(
        (line["timestamp"], name, line["message"])
        for name, line in day.of("happy")
        if name not in (_WEBHOOK, _BOOKS)
    )
    told = [(name.removeprefix("order-"), message) for _, name, message in story]
    assert told[:5] == [
        ("api-customers", "accepted"),
        ("workflow-validate-order", "VALID"),
        ("workflow-process-payment", "AUTHORIZED"),
        ("workflow-update-inventory", "RESERVED"),
        ("workflow-capture-payment", "CAPTURED"),
    ]
    refused_to_strangers = ("api-customers", "refused")
    assert sorted(set(told[5:]) - {refused_to_strangers}) == [
        (_MAILER, "mail sent"),
        ("workflow-generate-receipt", "STORED"),
    ]
    assert len(told) - told.count(refused_to_strangers) == 7


def test_a_step_names_its_order_and_its_run(day: Day) -> None:
    for function, line in day.told():
        if function.startswith("order-workflow-") and "stackTrace" not in line:
            assert line["orderId"]
            assert line["execution"]


def test_the_api_names_the_order_that_a_request_was_about(shop: LiveSystem, day: Day) -> None:
    lines = [line for name, line in day.told() if name == "order-api-customers"]
    asked = {line["orderId"] for line in lines if line.get("status") == 404 and "orderId" in line}
    assert {_UNKNOWN, day.orders["happy"]} == asked
    conflicts = [line for line in lines if "Idempotency-Key" in line.get("detail", "")]
    assert [("orderId" in line, line["status"]) for line in conflicts] == [(True, 422)]
    assert {line["route"] for line in lines} <= {
        "/api/orders",
        "/api/orders/{orderId}",
        "/api/orders/{orderId}/receipt",
    }


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("declined", "PAYMENT_DECLINED"),
        ("out of stock", "OUT_OF_STOCK"),
        ("price changed", "PRICE_CHANGED"),
    ],
)
def test_a_refusal_is_one_line_with_its_reason_and_no_alarm(
    day: Day, order: str, reason: str
) -> None:
    lines = [line for _, line in day.of(order)]
    assert {line["level"] for line in lines} == {"INFO"}
    assert [line["reason"] for line in lines if line["message"] == "REFUSED"] == [reason]


def test_a_fault_is_an_error_that_names_the_order_once_per_try(day: Day) -> None:
    failed = [line for _, line in day.of("faulted") if line["level"] == "ERROR"]
    assert [(line["message"], line["error"]) for line in failed] == [
        ("FAILED", "RuntimeError")
    ] * 2  # the state is tried twice
    assert all(line["execution"] for line in failed)


def test_what_the_gateway_refuses_for_good_is_an_error_once(day: Day) -> None:
    failed = [line for _, line in day.of("unknown method") if line["level"] == "ERROR"]
    assert [line["error"] for line in failed] == ["PaymentGatewayRefused"]


def test_only_faults_are_errors(day: Day) -> None:
    loud = {name for name, line in day.told() if line["level"] != "INFO"}
    assert loud == {"order-workflow-process-payment"}
