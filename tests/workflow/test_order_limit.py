"""One customer can't order without end: what is too many in ten minutes never reaches the gateway."""

from datetime import datetime, timedelta

from tests.support.database import ORDER_ID
from tests.support.in_process_system import ORDERS_PER_CUSTOMER, InProcessSystem
from tests.support.interleaving_scheduler import Run
from tests.support.kill_plans import at_the_gateway

STOCK = 10


def opened(shop: InProcessSystem, earlier: int) -> None:
    """An order that no run has driven, after so many others of its customer in the ten minutes before it."""
    shop.opened("RECEIVED", STOCK)
    shop.look()
    created = datetime.fromisoformat(shop.order(ORDER_ID)["createdAt"])
    for number in range(earlier):
        shop.place(f"earlier-{number}", created - timedelta(seconds=29 * (number + 1)))


def driven(shop: InProcessSystem, name: str) -> Run:
    run = shop.run(name).to_the_end()
    assert run.execution.status == "SUCCEEDED"
    shop.look()
    return run


def test_the_last_order_that_a_customer_may_place_is_paid(in_process: InProcessSystem) -> None:
    opened(in_process, ORDERS_PER_CUSTOMER - 1)
    driven(in_process, "A")
    assert in_process.order(ORDER_ID)["status"] == "CONFIRMED"


def test_one_order_more_is_refused_and_the_gateway_is_never_asked(
    in_process: InProcessSystem,
) -> None:
    opened(in_process, ORDERS_PER_CUSTOMER)
    run = driven(in_process, "A")
    order = in_process.order(ORDER_ID)
    assert (order["status"], order["reason"]) == ("REJECTED", "TOO_MANY_ORDERS")
    assert "dueAt" not in order
    assert not [call.name for call in run.calls if at_the_gateway(call)]
    assert in_process.all_intents() == {ORDER_ID: []}
    assert in_process.shelf("mug").available == STOCK


def test_an_order_that_waited_is_judged_as_on_the_day_it_was_placed(
    in_process: InProcessSystem,
) -> None:
    """Its customer has ordered a lot since, and this run is a repeated one."""
    opened(in_process, ORDERS_PER_CUSTOMER - 1)
    created = datetime.fromisoformat(in_process.order(ORDER_ID)["createdAt"])
    for number in range(ORDERS_PER_CUSTOMER):
        in_process.place(f"later-{number}", created + timedelta(milliseconds=number + 1))
    driven(in_process, "A")
    assert in_process.order(ORDER_ID)["status"] == "CONFIRMED"
    driven(in_process, "B")
    assert in_process.order(ORDER_ID)["status"] == "CONFIRMED"
