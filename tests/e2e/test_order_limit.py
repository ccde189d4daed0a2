"""One customer can't order without end, and is never refused for asking the same twice."""

from tests.support.live_system import LiveSystem

_ORDERS_PER_CUSTOMER = 20  # Pulumi.yaml's default


def test_the_order_after_twenty_in_ten_minutes_is_refused_and_a_repeated_request_is_not(
    shop: LiveSystem,
) -> None:
    customer, product = shop.customer(), shop.product(available=100)
    keys = [f"order-{number}" for number in range(_ORDERS_PER_CUSTOMER + 1)]
    with shop.unstarted():  # all are placed before the first one is looked at
        *earlier, last = [customer.accepted({product: 1}, key=key) for key in keys]
        again = [customer.accepted({product: 1}, key=keys[0]) for _ in range(3)]
    assert {*again} == {earlier[0]}

    for order_id in (last, earlier[-1], earlier[0]):
        shop.run(order_id)

    assert shop.settled(earlier[0])["status"] == "CONFIRMED"
    assert shop.settled(earlier[-1])["status"] == "CONFIRMED"
    assert shop.settled(last)["reason"] == "TOO_MANY_ORDERS"
    assert shop.intents(last) == []
    seen = customer.see(last)
    assert (seen["status"], seen["reason"]) == ("REJECTED", "TOO_MANY_ORDERS")
    assert not [each for each in seen["timeline"] if "detail" in each]
    shop.until(last, lambda _: any(last in mail["BodyText"] for mail in shop.mails(customer.email)))

    # The same request again finds its order, at rest.
    assert customer.accepted({product: 1}, key=keys[-2]) == earlier[-1]
    assert shop.settled(earlier[-1])["status"] == "CONFIRMED"
