"""Many customers, few pieces: what is sold is sold once, whoever comes at the same moment."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from handlers.adapters.items import Item
from tests.support.invariants import Shelf, assert_money_is_exact, assert_stock_fits_status
from tests.support.live_system import Customer, LiveSystem

_PRICE = 1000
_SOLD, _SOLD_OUT = ("CONFIRMED", None), ("REJECTED", "OUT_OF_STOCK")
Basket = dict[str, int]

_CONTENDED = """
from botocore.exceptions import ClientError
from handlers.adapters import conditions

_client, _taking = conditions.client, lambda_handler
conditions._PATIENCE_SECONDS = 0.3


class _Contended:
    calls = 0

    def transact_write_items(self, **request):
        self.calls += 1
        if self.calls > CONFLICTS:
            return _client("dynamodb").transact_write_items(**request)
        error = {"Code": "TransactionCanceledException", "Message": f"in call {self.calls}"}
        conflict = {"Code": "TransactionConflict"}
        response = {"Error": error, "CancellationReasons": [conflict]}
        raise ClientError(response, "TransactWriteItems")


def lambda_handler(event, context):
    contended = _Contended()
    conditions.client = lambda _service: contended
    return _taking(event, context)
"""


def test_thirty_customers_buy_the_last_ten_pieces(shop: LiveSystem) -> None:
    product = shop.product(available=10, price=_PRICE)

    orders = placed_at_once(shop, [{product: 1}] * 30)

    assert ends(orders) == {_SOLD: 10, _SOLD_OUT: 20}
    assert shop.available(product) == 0
    book = shop.all_intents()
    intents = [intent for order in orders for intent in book.get(order["orderId"], [])]
    captured = [intent.amount_received for intent in intents if intent.amount_received]
    assert captured == [_PRICE] * 10
    assert not [intent.id for intent in intents if intent.status == "requires_capture"]
    assert_conserved(shop, {product: 10}, orders)


def test_overlapping_baskets_conserve_every_product(shop: LiveSystem) -> None:
    initial, baskets = overlapping(shop)

    orders = placed_at_once(shop, baskets)

    assert set(ends(orders)) == {_SOLD, _SOLD_OUT}
    assert_conserved(shop, initial, orders)


def test_contention_is_tried_again_until_it_passes(shop: LiveSystem) -> None:
    initial, baskets = overlapping(shop)

    with shop.broken("update_inventory", contended(3)):
        orders = placed_at_once(shop, baskets[:5])

    assert ends(orders)[_SOLD] > 0
    assert set(ends(orders)) <= {_SOLD, _SOLD_OUT}
    assert_conserved(shop, initial, orders)


def test_contention_that_lasts_is_noted_counts_as_no_fault_and_leaves_the_order_open(
    shop: LiveSystem,
) -> None:
    initial, (basket, *_) = overlapping(shop)

    with shop.broken("update_inventory", contended(1000)):
        order_id = shop.customer().accepted(basket, expectedTotal=total(basket))
        order = shop.until(order_id, lambda order: "lastFault" in order)

    assert (order["status"], order["attempts"]) == ("PAYMENT_AUTHORIZED", 0)
    assert order["lastFault"]["error"] == "Contended"
    assert shop.listed("open", order_id)
    assert {each: shop.available(each) for each in initial} == initial

    shop.run(order_id)
    healed = shop.settled(order_id)
    assert healed["status"] == "CONFIRMED"
    assert_conserved(shop, initial, [healed])


def contended(conflicts: int) -> str:
    """UpdateInventory whose transaction meets others on its items in its first tries."""
    module = Path(__file__).parents[2] / "handlers/workflow/update_inventory.py"
    return module.read_text(encoding="utf-8") + _CONTENDED.replace("CONFLICTS", str(conflicts))


def overlapping(shop: LiveSystem) -> tuple[Basket, list[Basket]]:
    """Four products with their stock, and baskets of several of them: more than there is."""
    initial = {shop.product(available=12, price=_PRICE): 12 for _ in range(4)}
    chance = random.Random(7)
    baskets = [
        {each: chance.randint(1, 3) for each in chance.sample(list(initial), chance.randint(2, 4))}
        for _ in range(16)
    ]
    return initial, baskets


def total(basket: Basket) -> Item:
    return {"amount": _PRICE * sum(basket.values()), "currency": "USD"}


def placed_at_once(shop: LiveSystem, baskets: list[Basket]) -> list[Item]:
    """The orders at their end, each of a customer of its own."""
    customers = [shop.customer() for _ in baskets]
    start = Barrier(len(baskets))

    def place(customer: Customer, basket: Basket) -> str:
        start.wait()
        return customer.accepted(basket, expectedTotal=total(basket))

    with ThreadPoolExecutor(len(baskets)) as pool:
        order_ids = list(pool.map(place, customers, baskets))
    return [shop.settled(order_id) for order_id in order_ids]


def ends(orders: list[Item]) -> Counter[tuple[str, str | None]]:
    return Counter((order["status"], order.get("reason")) for order in orders)


def assert_conserved(shop: LiveSystem, initial: Basket, orders: list[Item]) -> None:
    """initial = available + sold for each product, never negative; sold once, paid once."""
    book = shop.all_intents()
    sold: Counter[str] = Counter()
    for order in orders:
        assert_stock_fits_status(order)
        if order["status"] == "CONFIRMED":
            sold.update({line["productId"]: line["quantity"] for line in order["lines"]})
        assert_money_is_exact(shop, order["orderId"], book)
    for product, stocked in initial.items():
        shelf = Shelf(stocked - sold[product], sold[product], stocked)
        assert shop.shelf(product) == shelf
        assert shelf.available >= 0
