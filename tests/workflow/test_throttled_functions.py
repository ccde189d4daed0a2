"""A function that Lambda throttles is waited for: no fault is counted, and the order stays open."""

from typing import Any

import pytest

from handlers.domain.clock import timestamp
from tests.support.database import ORDER_ID
from tests.support.in_process_system import InProcessSystem
from tests.support.invariants import assert_money_is_exact

# https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
_Throttled = type("Lambda.TooManyRequestsException", (Exception,), {})


def throttled(event: dict[str, Any], context: object) -> dict[str, Any]:
    raise _Throttled("Rate Exceeded.")


@pytest.mark.parametrize(
    ("function", "card", "stays", "ends"),
    [
        ("validate_order", "pm_card_visa", "RECEIVED", "CONFIRMED"),
        ("process_payment", "pm_card_visa", "VALIDATED", "CONFIRMED"),
        ("capture_payment", "pm_card_visa", "INVENTORY_RESERVED", "CONFIRMED"),
        ("release_payment", "pm_card_chargeDeclined", "REJECTING", "REJECTED"),
    ],
)
def test_throttling_is_waited_for_noted_and_not_counted(
    in_process: InProcessSystem, function: str, card: str, stays: str, ends: str
) -> None:
    in_process.opened("RECEIVED", stock=10, paymentMethod=card)
    run = in_process.run("A", {function: throttled}).to_the_end()
    in_process.look()
    order = in_process.order(ORDER_ID)
    assert run.execution.retried == ["Lambda.TooManyRequestsException"] * 2
    assert (order["status"], order["attempts"], order["attention"]) == (stays, 0, {})
    assert order["lastFault"]["error"] == "Lambda.TooManyRequestsException"
    assert order["dueAt"] > timestamp()

    in_process.run("B").to_the_end()
    in_process.look()
    assert in_process.order(ORDER_ID)["status"] == ends
    assert_money_is_exact(in_process, ORDER_ID)
