"""What the API tells of a refusal."""

import pytest

from tests.support.database import ORDER_ID, an_order, put_order
from tests.support.rest_client import RestClient


def test_a_refused_order_says_why(anna: RestClient) -> None:
    put_order(an_order("REJECTED", reason="OUT_OF_STOCK"))
    assert anna.get(f"/api/orders/{ORDER_ID}").body["reason"] == "OUT_OF_STOCK"


@pytest.mark.parametrize(
    ("reason", "detail", "told"),
    [
        ("PAYMENT_DECLINED", "INSUFFICIENT_FUNDS", "INSUFFICIENT_FUNDS"),
        ("PAYMENT_DECLINED", "STOLEN_CARD", None),
        ("PAYMENT_DECLINED", "LOST_CARD", None),
        ("PAYMENT_DECLINED", "FRAUDULENT", None),
        ("PAYMENT_DECLINED", "A_CODE_OF_TOMORROW", None),
        ("OUT_OF_STOCK", "mug, pen", "mug, pen"),
        ("UNKNOWN_PRODUCT", "pen", "pen"),
        ("OUT_OF_STOCK", "TableName-internal, pen", "pen"),
        ("PRICE_CHANGED", "2599 USD", "2599 USD"),
        ("PRICE_CHANGED", "2599 EUR USD", None),
        ("SYSTEM_FAULT", "ProcessPayment", None),
        ("SYSTEM_FAULT", "INSUFFICIENT_FUNDS", None),
    ],
)
def test_only_a_detail_that_the_customer_can_act_on_is_shown(
    anna: RestClient, reason: str, detail: str, told: str | None
) -> None:
    at = "2026-11-22T10:25:10.000Z"
    timeline = [{"status": "REJECTING", "at": at, "run": "run-7", "detail": detail}]
    put_order(an_order("REJECTING", reason=reason, detail=detail, timeline=timeline))
    body = anna.get(f"/api/orders/{ORDER_ID}").body
    shown = {"detail": told} if told else {}
    assert body["timeline"] == [{"status": "REJECTING", "at": at} | shown]
    assert "detail" not in body
