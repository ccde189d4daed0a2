"""Every event that the gateway can send about an order's payment, in every status of the order, in
any order of arrival, once and twice; then the reconciler brings the order to rest. The end is the
one that the payment justifies, whatever became of the runs that the events started.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import permutations, product
from typing import Any

import pytest

from handlers.domain.clock import timestamp
from handlers.domain.order import OrderStatus
from handlers.domain.payment_event import WAKING
from tests.support.database import ORDER_ID, Item
from tests.support.driven_shop import ASKING, DrivenShop, dies, holds_and_dies
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Run
from tests.support.payment_events import of_payment

Happens = Callable[[DrivenShop], object]
ORDER = (f"ORDER#{ORDER_ID}", "ORDER")


@pytest.fixture
def shop(in_process: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> DrivenShop:
    return DrivenShop(in_process, monkeypatch)


def approves(shop: DrivenShop) -> None:
    shop.at_the_bank("approve")


def refuses(shop: DrivenShop) -> None:
    shop.at_the_bank("refuse")


def is_cancelled(shop: DrivenShop) -> None:
    shop.payment_is_cancelled()


def asked_the_bank(shop: DrivenShop) -> None:
    """The bank has answered, and the run died before it noted what."""
    shop.system.run("earlier", {"process_payment": holds_and_dies}).to_the_end()


def timed_out(shop: DrivenShop) -> None:
    """The order is claimed REJECTING, and the payment is not released yet."""
    shop.system.change(ORDER_ID, approveBy=timestamp(datetime.now(UTC) - timedelta(seconds=1)))
    shop.system.run("earlier", {"release_payment": dies}).to_the_end()


def cancels(shop: DrivenShop) -> None:
    """The customer's claim; its run has not started."""
    shop.are_driven = False
    assert shop.customer.request("POST", f"/api/orders/{ORDER_ID}/cancel").status == 202


def comes_to_rest(shop: DrivenShop) -> None:
    shop.are_driven = True
    shop.driven_to_rest()


@dataclass(frozen=True)
class Start:
    """An order that a run has left at `status`, and what has `happened` to it since."""

    status: str
    end: tuple[str, str]
    order: dict[str, Any] = field(default_factory=dict)
    stock: int = 10
    happened: Sequence[Happens] = ()
    stands: str = ""  # the status that it then has, if that is another one


CONFIRMED, CANCELLED = ("CONFIRMED", ""), ("CANCELLED", "")
DECLINED, EXPIRED, TIMEOUT, SOLD_OUT = (
    ("REJECTED", reason)
    for reason in ("PAYMENT_DECLINED", "AUTHORIZATION_EXPIRED", "PAYMENT_TIMEOUT", "OUT_OF_STOCK")
)
ASKS = {"paymentMethod": ASKING}
DECLINES = {"paymentMethod": "pm_card_chargeDeclined"}
ASKS_AND_DECLINES = {"paymentMethod": "pm_card_threeDSecureRequiredChargeDeclined"}
AWAITING = "AWAITING_PAYMENT"


def starts() -> Iterator[Start]:
    yield Start("RECEIVED", CONFIRMED)
    yield Start("VALIDATED", CONFIRMED, happened=[asked_the_bank])
    yield Start("VALIDATED", DECLINED, DECLINES, happened=[asked_the_bank])
    yield Start("VALIDATED", EXPIRED, happened=[asked_the_bank, is_cancelled])
    for status, before in (("VALIDATED", [asked_the_bank]), (AWAITING, [])):
        yield Start(status, TIMEOUT, ASKS, happened=before)
        yield Start(status, CONFIRMED, ASKS, happened=[*before, approves])
        yield Start(status, DECLINED, ASKS, happened=[*before, refuses])
        yield Start(status, EXPIRED, ASKS, happened=[*before, is_cancelled])
        yield Start(status, EXPIRED, ASKS, happened=[*before, approves, is_cancelled])
        yield Start(status, EXPIRED, ASKS, happened=[*before, refuses, is_cancelled])
        yield Start(status, DECLINED, ASKS_AND_DECLINES, happened=[*before, approves])
    for status in ("PAYMENT_AUTHORIZED", "INVENTORY_RESERVED"):
        yield Start(status, CONFIRMED)
        yield Start(status, EXPIRED, happened=[is_cancelled])
    yield Start("CONFIRMED", CONFIRMED)
    yield Start("CONFIRMED", CONFIRMED, happened=[comes_to_rest])
    yield Start("REJECTING", SOLD_OUT, stock=1)
    yield Start("REJECTING", SOLD_OUT, stock=1, happened=[is_cancelled])
    yield Start("REJECTING", SOLD_OUT, stock=1, happened=[comes_to_rest], stands="REJECTED")
    for act in ([], [approves], [refuses], [is_cancelled], [approves, is_cancelled]):
        yield Start(AWAITING, TIMEOUT, ASKS, happened=[timed_out, *act], stands="REJECTING")
        yield Start(AWAITING, CANCELLED, ASKS, happened=[cancels, *act], stands="CANCELLING")
        yield Start(AWAITING, CANCELLED, ASKS, happened=[*act, cancels], stands="CANCELLING")
    yield Start(AWAITING, DECLINED, ASKS, happened=[refuses, comes_to_rest], stands="REJECTED")
    rests = [approves, cancels, comes_to_rest]
    yield Start(AWAITING, CANCELLED, ASKS, happened=rests, stands="CANCELLED")


class Fate(StrEnum):
    """What becomes of the runs that events start."""

    AT_ONCE = "each goes to its end before the next event comes"
    CROSSED = "all have read the order before the first goes on"
    LOST = "none of them does anything"


@pytest.mark.parametrize("fate", Fate)
def test_whatever_events_come_in_whatever_order_the_payment_alone_decides(
    shop: DrivenShop, fate: Fate
) -> None:
    statuses = set[str]()
    for start in starts():
        events = len(set_up(shop, start))
        for order, copies in product(permutations(range(events)), (1, 2)):
            made = set_up(shop, start)
            statuses.add(shop.order["status"])
            arriving = [made[each] for each in order] * copies
            try:
                arrive(shop, arriving, fate)
                shop.driven_to_rest()
                assert shop.end() == start.end
                assert_told(shop, start.end[0])
            except AssertionError as error:
                told = "\n".join(run.told() for run in shop.runs)
                kinds = [each["type"] for each in arriving]
                raise AssertionError(f"{start}, {kinds}\n{told}") from error
    assert statuses == set(OrderStatus)


def set_up(shop: DrivenShop, start: Start) -> Sequence[Item]:
    """Return the events that the gateway has made by then."""
    if asked_the_bank in start.happened:
        shop.opened("VALIDATED", start.stock, **start.order)
    else:
        shop.reached(start.status, start.stock, **start.order)
    for happens in start.happened:
        happens(shop)
    assert shop.order["status"] == (start.stands or start.status)
    shop.runs = []
    return shop.events()


def arrive(shop: DrivenShop, events: Sequence[Item], fate: Fate) -> None:
    """Only an order that waits for its payment is woken, and the webhook itself notes the event
    and nothing else: neither `version` nor `dueAt` moves.
    """
    shop.are_driven = fate is Fate.AT_ONCE
    for event in events:
        before, started = dict(shop.system.look()), len(shop.runs)
        order = before[ORDER]
        waits = order["status"] == AWAITING and order.get("lastEvent", {}).get("id") != event["id"]
        assert (shop.receives(event) == "RUN_STARTED") == waits == (len(shop.runs) > started)
        if not shop.are_driven:
            after = dict(shop.system.look())
            noted = {"lastEvent": after[ORDER]["lastEvent"]} if waits else {}
            assert after == before | {ORDER: order | noted}
    if fate is Fate.CROSSED:
        go_on(shop.runs)
    shop.are_driven = True


def go_on(runs: Sequence[Run]) -> None:
    for run in runs:
        run.to(2)
    for run in reversed(runs):
        run.to_the_end()
    assert {run.execution.status for run in runs} <= {"SUCCEEDED"}


def assert_told(shop: DrivenShop, end: str) -> None:
    """One mail tells the end, and none tells another."""
    kinds = {each["type"] for each in shop.published} - {"PaymentApprovalNeeded"}
    assert kinds == {f"Order{end.title()}"}
    assert len(shop.mails()) == 1


@pytest.mark.parametrize("kind", sorted(WAKING))
def test_an_event_that_the_gateway_does_not_confirm_leaves_an_order_waiting(
    shop: DrivenShop, kind: str
) -> None:
    shop.reached(AWAITING, paymentMethod=ASKING)
    before = shop.order
    assert shop.receives(json.loads(of_payment(kind, stack="test"))) == "RUN_STARTED"
    after = shop.order
    del after["lastEvent"]
    assert after == before
    assert {each["type"] for each in shop.published} == {"PaymentApprovalNeeded"}
    shop.driven_to_rest()
    assert shop.end() == TIMEOUT
