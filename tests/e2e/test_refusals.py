"""A refusal is a normal outcome: its own reason, nothing held, stock as before, a mail that says
why, and nothing that looks like an error.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import LiveSystem

_INITIAL = 5
_CASES: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("nothing-of-that-name", {}, "UNKNOWN_PRODUCT", "", "no longer sell this"),
    ("", {"quantity": 6}, "OUT_OF_STOCK", "", "enough of this left"),
    ("", {"expectedTotal": {"amount": 51, "currency": "USD"}}, "PRICE_CHANGED", "", "price"),
    ("", {"card": "pm_card_chargeDeclined"}, "PAYMENT_DECLINED", "GENERIC_DECLINE", "declined"),
    (
        "",
        {"card": "pm_card_chargeDeclinedInsufficientFunds"},
        "PAYMENT_DECLINED",
        "INSUFFICIENT_FUNDS",
        "not enough money",
    ),
]


@pytest.mark.parametrize(("product_id", "changed", "reason", "detail", "words"), _CASES)
def test_a_refusal_ends_rejected_with_its_own_reason_and_leaves_nothing_behind(
    shop: LiveSystem, product_id: str, changed: dict[str, Any], reason: str, detail: str, words: str
) -> None:
    product, customer = shop.product(available=_INITIAL), shop.customer()
    quantity = changed.get("quantity", 1)
    other = {name: value for name, value in changed.items() if name != "quantity"}

    order_id = customer.accepted({product_id or product: quantity}, **other)
    order = shop.settled(order_id)

    assert (order["status"], order["reason"]) == ("REJECTED", reason)
    assert customer.see(order_id)["reason"] == reason
    assert order["attempts"] == 0
    assert order["attention"] == {}
    if detail:
        assert order["detail"] == detail
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=_INITIAL)
    shop.until(order_id, lambda _: bool(shop.mails(customer.email)))
    (mail,) = shop.mails(customer.email)
    assert words in mail["BodyText"]


def test_refusals_are_logged_at_info_and_counted_as_no_error(shop: LiveSystem) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    customer = shop.customer()
    for card in ("pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"):
        shop.settled(customer.accepted({shop.product(): 1}, card=card))

    logs = shop.aws.logs
    start = int(since.timestamp() * 1000)
    for group in logs.describe_log_groups()["logGroups"]:
        found = logs.filter_log_events(logGroupName=group["logGroupName"], startTime=start)
        bad = [
            event["message"]
            for event in found["events"]
            if any(f'"level":"{level}"' in event["message"] for level in ("ERROR", "WARNING"))
        ]
        assert not bad, group["logGroupName"]
    for function in shop.aws.lambda_.list_functions()["Functions"]:
        errors = shop.aws.cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[{"Name": "FunctionName", "Value": function["FunctionName"]}],
            StartTime=since,
            EndTime=datetime.now(UTC) + timedelta(minutes=1),
            Period=60,
            Statistics=["Sum"],
        )
        assert sum(point["Sum"] for point in errors["Datapoints"]) == 0, function["FunctionName"]
