"""A run is killed at every one of its calls; then the order is driven again, as it is once it is
due. However the run died, the order comes to rest, the money is right to the cent, and stock that
was taken comes back at most once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from handlers.adapters.payment_gateway import gateway
from handlers.domain.order import RELEASING
from handlers.runtime.aws import client
from handlers.workflow.step import Step
from tests.support.database import ORDER_ID, setting
from tests.support.driven_shop import ASKING, decide
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Call, Run
from tests.support.invariants import (
    PAID,
    Shelf,
    assert_money_is_exact,
    assert_stock_fits_status,
)
from tests.support.kill_plans import KillPlan, plans

STOCK = 10
WANTED = {"mug": 2, "pen": 1}
ABANDONED = "2026-01-01T00:00:00.000Z"
Happens = Callable[[InProcessSystem], None]
End = tuple[str, str, str]


def nothing(shop: InProcessSystem) -> None:
    """What usually happens meanwhile."""


def another_run(shop: InProcessSystem) -> None:
    shop.run("B").to_the_end()


def a_cancel(shop: InProcessSystem) -> None:
    """The customer's claim, which is not made of an order that is being refused."""
    shop.look()
    if shop.order(ORDER_ID)["status"] not in {*RELEASING, "REJECTED", "CANCELLED"}:
        shop.change(ORDER_ID, status="CANCELLING", dueAt=ABANDONED)


def a_cancel_and_another_run(shop: InProcessSystem) -> None:
    a_cancel(shop)
    another_run(shop)


def a_buyer(shop: InProcessSystem) -> None:
    """Another customer buys all that is left."""
    shop.look()
    for product in WANTED:
        shelf = shop.shelf(product)
        bought = {"available": 0, "taken": shelf.stocked, "boughtByOthers": shelf.available}
        change = setting(f"PRODUCT#{product}", "PRODUCT", **bought)
        client("dynamodb").update_item(TableName="inventory", **change)


def the_bank_ends_the_hold(shop: InProcessSystem) -> None:
    shop.run("earlier", {"capture_payment": broken}).to_the_end()
    for intent in shop.all_intents()[ORDER_ID]:
        shop.api.v1.payment_intents.cancel(intent.id)


def charged_and_given_back_by_support(shop: InProcessSystem) -> None:
    """The capture's answer was lost; support has refunded a part in the gateway's dashboard."""
    shop.run("earlier", {"capture_payment": charges_and_dies}).to_the_end()
    for intent in shop.all_intents()[ORDER_ID]:
        shop.api.v1.refunds.create({"payment_intent": intent.id, "amount": 100})


def a_confirmed_order_is_cancelled(shop: InProcessSystem) -> None:
    another_run(shop)
    a_cancel(shop)


def the_customer_approves(shop: InProcessSystem) -> None:
    another_run(shop)
    decide(shop, "approve")


def the_customer_refuses(shop: InProcessSystem) -> None:
    another_run(shop)
    decide(shop, "refuse")


def charges_and_dies(event: dict[str, Any], context: object) -> dict[str, Any]:
    order = Step.of(event).order
    gateway().capture(order["orderId"], order["payment"]["intentId"])
    return broken(event, context)


def broken(event: dict[str, Any], context: object) -> dict[str, Any]:
    raise RuntimeError("broken for a test")


@dataclass(frozen=True)
class Start:
    """The order and the shelves before the run that is killed; `ends`: its legal ends, status and
    reason, each of which comes about.
    """

    ends: set[tuple[str, str]]
    status: str = "RECEIVED"
    stock: int = STOCK
    order: dict[str, Any] = field(default_factory=dict)
    first: Happens = nothing

    def opened(self, shop: InProcessSystem) -> None:
        shop.opened(self.status, self.stock, **self.order)
        self.first(shop)


CANCELLED, SOLD_OUT = ("CANCELLED", ""), ("REJECTED", "OUT_OF_STOCK")
DECLINED = {("REJECTED", "PAYMENT_DECLINED"), CANCELLED}
STARTS = {
    "good card": Start({("CONFIRMED", ""), CANCELLED, SOLD_OUT}),
    "declined card": Start(
        {*DECLINED, SOLD_OUT}, order={"paymentMethod": "pm_card_chargeDeclined"}
    ),
    "price changed": Start({("REJECTED", "PRICE_CHANGED"), CANCELLED}, order={"total": 1}),
    "sold out at the deduction": Start({SOLD_OUT, CANCELLED}, "VALIDATED", stock=1),
    "the hold ended": Start(
        {("REJECTED", "AUTHORIZATION_EXPIRED"), CANCELLED},
        "VALIDATED",
        first=the_bank_ends_the_hold,
    ),
    "refunded before it was confirmed": Start(
        {("REJECTED", "REFUNDED"), CANCELLED}, "VALIDATED", first=charged_and_given_back_by_support
    ),
    "approved by its customer": Start(
        {("CONFIRMED", ""), CANCELLED, SOLD_OUT},
        order={"paymentMethod": ASKING},
        first=the_customer_approves,
    ),
    "refused by its customer": Start(
        DECLINED, order={"paymentMethod": ASKING}, first=the_customer_refuses
    ),
    "cancelled when confirmed": Start({CANCELLED}, first=a_confirmed_order_is_cancelled),
}
MEANWHILE = (nothing, another_run, a_cancel_and_another_run, a_buyer)
MORE = (*MEANWHILE, a_cancel)


@pytest.mark.parametrize("name", STARTS)
def test_wherever_a_run_dies_money_and_stock_are_right_once_the_order_is_driven_again(
    in_process: InProcessSystem, name: str, every_kill: bool
) -> None:
    start = STARTS[name]
    calls: list[Call] = []
    for _ in range(2):  # the first run alone reads the gateway's key
        start.opened(in_process)
        calls = in_process.run("A").to_the_end().calls
    ends: Counter[End] = Counter()
    for meanwhile in MORE if every_kill else MEANWHILE:
        for plan in plans(calls, every=every_kill):
            run = killed(in_process, start, plan, meanwhile)
            try:
                ends[meanwhile.__name__, *end_of(in_process, start)] += 1
            except AssertionError as error:
                raise AssertionError(f"{plan}, {meanwhile.__name__}\n{run.told()}") from error
    assert {(status, reason) for _, status, reason in ends} == start.ends
    for (meanwhile, status, reason), count in sorted(ends.items()):
        print(f"{name:26} {meanwhile:25} {status:10} {reason:22} {count:5}")


def killed(shop: InProcessSystem, start: Start, plan: KillPlan, meanwhile: Happens) -> Run:
    """Run the order by this plan, and again as often as it is due after a fault."""
    start.opened(shop)
    plan.meanwhile = partial(meanwhile, shop)
    run = shop.run("A")
    run.killer = plan
    run.to_the_end()
    for again in ("C", "D", "E"):
        shop.look()
        if "dueAt" in shop.order(ORDER_ID):
            shop.run(again).to_the_end()
    return run


def end_of(shop: InProcessSystem, start: Start) -> tuple[str, str]:
    """Return status and reason of an order at rest, whose money and stock are right."""
    products = shop.look()
    order = shop.order(ORDER_ID)
    assert "dueAt" not in order, f"still {order['status']}: {order.get('lastFault')}"
    assert_money_is_exact(shop, ORDER_ID)
    assert_stock_fits_status(order)
    for product, wanted in WANTED.items():
        taken = wanted if order["status"] in PAID else 0
        taken += products[f"PRODUCT#{product}", "PRODUCT"].get("boughtByOthers", 0)
        assert shop.shelf(product) == Shelf(start.stock - taken, taken, start.stock)
    return order["status"], order.get("reason", "")
