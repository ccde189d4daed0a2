"""What happens to a payment outside of the shop reaches its order, by the gateway's events or the daily sweep."""

import time

import pytest
import stripe

from handlers.adapters.items import encode
from tests.support.live_system import LiveSystem
from tests.support.payment_events import compare_books, losing_events


def confirmed(shop: LiveSystem) -> tuple[str, stripe.PaymentIntent]:
    order_id = shop.customer().accepted({shop.product(): 1})
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    [intent] = shop.intents(order_id)
    return order_id, intent


def found(shop: LiveSystem, order_id: str, cause: str) -> dict[str, int]:
    """What is noted of the order once it has this cause: the gateway's id -> amount."""
    shop.until(order_id, lambda order: cause in order["attention"])
    rows = [each for each in shop.rows(order_id) if each["sk"].startswith(f"FINDING#{cause}#")]
    return {each["gatewayId"]: each["amount"] for each in rows}


def make_due(shop: LiveSystem) -> None:
    """Make a sweep due of the last day and of the next minute."""
    until = int(time.time()) + 60
    cursor = {"pk": "BOOKS", "sk": "CURSOR", "since": until - 86400, "until": until}
    item = encode({**cursor, "part": "PAYMENTS", "after": [], "saves": 0})
    shop.aws.dynamodb.put_item(TableName=shop.outputs["ordersTableName"], Item=item)


@pytest.mark.parametrize("way", ["event", "sweep"])
def test_a_refund_in_the_dashboard_and_a_dispute_are_entered_and_listed(
    shop: LiveSystem, way: str
) -> None:
    order_id, intent = confirmed(shop)
    before = shop.order(order_id)
    gateway = shop.gateway()

    def act() -> tuple[str, str]:
        refund = gateway.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
        answer = gateway.raw_request("post", "/sandbox/disputes", payment_intent=intent.id)
        return refund.id, gateway.deserialize(answer, api_mode="V1")["id"]

    if way == "event":
        refund, dispute = act()
    else:
        with losing_events(shop):
            refund, dispute = act()
        make_due(shop)
        compare_books(shop)
    assert found(shop, order_id, "REFUNDED_OUTSIDE") == {refund: 500}
    assert found(shop, order_id, "DISPUTED") == {dispute: 1999}
    assert shop.listed("attention", order_id)
    amounts = {"AUTHORIZE": 1999, "CAPTURE": 1999, "REFUND": 500, "DISPUTE": 1999}
    assert shop.ledger(order_id) == amounts
    kept = {name: before[name] for name in ("status", "version", "stock", "timeline")}
    assert shop.order(order_id).items() >= kept.items()
