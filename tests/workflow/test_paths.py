"""The paths that no plain order takes: each ends legally, with money and stock exact."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from handlers.domain.clock import timestamp
from tests.support.database import setting
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import LiveSystem


def test_a_bank_that_wants_the_customer_makes_the_order_wait_and_silence_ends_it(
    shop: LiveSystem,
) -> None:
    product, customer = shop.product(available=10), shop.customer()
    order_id = customer.accepted({product: 1}, card="pm_card_authenticationRequired")
    order = shop.until(order_id, lambda order: order["status"] == "AWAITING_PAYMENT")
    assert order["approveBy"] > timestamp()

    assert shop.run(order_id)["status"] == "SUCCEEDED"
    assert shop.order(order_id)["status"] == "AWAITING_PAYMENT"

    shop.change(order_id, approveBy=timestamp(datetime.now(UTC) - timedelta(seconds=1)))
    shop.run(order_id)
    order = shop.settled(order_id)
    assert (order["status"], order["reason"]) == ("REJECTED", "PAYMENT_TIMEOUT")
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)


def test_an_authorisation_that_ended_before_its_capture_gives_the_stock_back(
    shop: LiveSystem,
) -> None:
    product, customer = shop.product(available=10), shop.customer()
    with shop.broken("capture_payment"):
        order_id = customer.accepted({product: 4})
        shop.until(order_id, lambda order: order["attempts"] == 1)
        assert shop.available(product) == 6
    (intent,) = shop.intents(order_id)
    shop.gateway().v1.payment_intents.cancel(intent.id)

    shop.run(order_id)

    order = shop.settled(order_id)
    assert (order["status"], order["reason"]) == ("REJECTED", "AUTHORIZATION_EXPIRED")
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)


def test_stock_that_goes_between_validation_and_deduction_releases_the_payment(
    shop: LiveSystem,
) -> None:
    product, customer = shop.product(available=10), shop.customer()
    with shop.broken("update_inventory"):
        order_id = customer.accepted({product: 4})
        shop.until(order_id, lambda order: order["attempts"] == 1)
    assert [intent.status for intent in shop.intents(order_id)] == ["requires_capture"]
    shop.aws.dynamodb.update_item(
        TableName=shop.outputs["inventoryTableName"],
        **setting(f"PRODUCT#{product}", "PRODUCT", available=3, stocked=3),
    )

    shop.run(order_id)

    order = shop.settled(order_id)
    assert (order["status"], order["reason"]) == ("REJECTED", "OUT_OF_STOCK")
    assert shop.ledger(order_id).keys() == {"AUTHORIZE", "RELEASE"}
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=3)


def test_runs_after_the_end_change_nothing(shop: LiveSystem) -> None:
    customer = shop.customer()
    for card in ("pm_card_visa", "pm_card_chargeDeclined"):
        order_id = customer.accepted({shop.product(): 1}, card=card)
        shop.settled(order_id)
        before = [row for row in shop.rows(order_id) if not row["sk"].startswith("MAIL#")]

        assert [shop.run(order_id)["status"] for _ in range(3)] == ["SUCCEEDED"] * 3

        after = [row for row in shop.rows(order_id) if not row["sk"].startswith("MAIL#")]
        assert after == before


def test_six_runs_at_once_have_one_effect(shop: LiveSystem) -> None:
    product, customer = shop.product(available=10), shop.customer()
    with shop.broken("validate_order"):
        order_id = customer.accepted({product: 2})
        shop.until(order_id, lambda order: order["attempts"] == 1)

    with ThreadPoolExecutor(6) as pool:
        runs = list(pool.map(lambda _: shop.run(order_id)["status"], range(6)))

    assert runs == ["SUCCEEDED"] * 6
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)
    shop.until(order_id, lambda _: bool(shop.mails(customer.email)))
    assert len(shop.mails(customer.email)) == 1


def test_a_run_for_an_order_that_does_not_exist_does_nothing(shop: LiveSystem) -> None:
    assert shop.run("A" * 26)["status"] == "SUCCEEDED"
