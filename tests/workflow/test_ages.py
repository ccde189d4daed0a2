"""An order of any age, in any status, is taken up by one look and rests where its age says; and a
payment that waits for its customer ends by time alone, which an outage of the gateway doesn't use up.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, product

import pytest

from handlers.domain.clock import timestamp
from tests.support.database import ORDER_ID
from tests.support.driven_shop import ASKING, STOPS, DrivenShop, dies
from tests.support.in_process_system import InProcessSystem
from tests.support.kill_plans import KillPlan, Moment, Way

MINUTE = timedelta(minutes=1)
AROUND = timedelta(seconds=20)
FIRST_LOOK, STUCK, TOO_OLD, APPROVAL = 2 * MINUTE, 20 * MINUTE, 60 * MINUTE, 30 * MINUTE
YOUNG, LONGEST_LOOK = 120 * MINUTE, 75 * MINUTE
AFTER_A_FAULT = 10 * MINUTE
BOUNDS = (FIRST_LOOK, STUCK, TOO_OLD, YOUNG, timedelta(days=1))
AGES = [bound + around for bound in BOUNDS for around in (-AROUND, AROUND)]
CONFIRMED, GIVEN_UP = ("CONFIRMED", ""), ("REJECTED", "SYSTEM_FAULT")
TIMEOUT = ("REJECTED", "PAYMENT_TIMEOUT")


@pytest.fixture
def shop(in_process: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> DrivenShop:
    return DrivenShop(in_process, monkeypatch)


def nothing(shop: DrivenShop) -> None:
    """The customer has not decided."""


def approves(shop: DrivenShop) -> None:
    shop.at_the_bank("approve")


def refuses(shop: DrivenShop) -> None:
    shop.at_the_bank("refuse")


def is_cancelled(shop: DrivenShop) -> None:
    shop.payment_is_cancelled()


DECISIONS: dict[Callable[[DrivenShop], None], tuple[str, str]] = {
    nothing: TIMEOUT,
    approves: CONFIRMED,
    refuses: ("REJECTED", "PAYMENT_DECLINED"),
    is_cancelled: ("REJECTED", "AUTHORIZATION_EXPIRED"),
}


@pytest.mark.parametrize("status", sorted(STOPS.keys() - {"AWAITING_PAYMENT"}))
def test_one_look_brings_an_order_of_any_age_to_the_end_that_its_age_says(
    shop: DrivenShop, status: str
) -> None:
    for age in AGES:
        shop.reached(status, stock=1 if status == "REJECTING" else 10)
        shop.wait(age)
        assert looked_at(shop) == (age > FIRST_LOOK), age
        assert ("STUCK" in shop.order["attention"]) == (age > STUCK), age
        for run in shop.runs:
            run.to_the_end()
        shop.are_driven = True
        assert shop.driven_to_rest() == (age < FIRST_LOOK), age
        end = ("REJECTED", "OUT_OF_STOCK") if status == "REJECTING" else CONFIRMED
        if status in ("RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED") and age > TOO_OLD:
            end = GIVEN_UP
        assert shop.end() == end, age
        assert ("FAULT" in shop.order["attention"]) == (end == GIVEN_UP), age
        assert bool(shop.order["attention"]) == (end == GIVEN_UP), age


def looked_at(shop: DrivenShop) -> bool:
    """Whether the reconciler has started a run that has done nothing yet. If so, the next look
    is a quarter of the time in this status ahead, within its limits.
    """
    before = shop.order
    shop.are_driven = False
    shop.reconciler.minute()
    after, now = shop.order, datetime.now(UTC)
    assert (after["status"], after["version"]) == (before["status"], before["version"])
    if not shop.runs:
        assert after == before
        return False
    pause = datetime.fromisoformat(after["dueAt"]) - now
    longest = LONGEST_LOOK if shop.waited > YOUNG else 3.75 * MINUTE
    assert 0.74 * MINUTE < pause < longest
    return True


@pytest.mark.parametrize("decides", DECISIONS, ids=lambda decides: decides.__name__)
def test_a_payment_is_given_up_only_after_its_time_and_ten_minutes_after_the_last_fault(
    shop: DrivenShop, decides: Callable[[DrivenShop], None]
) -> None:
    """In time or not, before and after each bound: what was decided at the bank counts."""
    late = (-AROUND, AROUND, timedelta(days=1))
    for over, fault in product(late, (None, AFTER_A_FAULT - AROUND, AFTER_A_FAULT + AROUND)):
        shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
        shop.wait(APPROVAL + over - (fault or timedelta()))
        if fault:
            with shop.gateway_down():
                shop.system.run(f"{ORDER_ID}-2").to_the_end()
            assert shop.order["lastFault"]["state"] == "ProcessPayment"
            shop.wait(fault)
        decides(shop)
        shop.system.change(ORDER_ID, dueAt=timestamp())
        shop.reconciler.minute()
        time_is_up = over > timedelta() and (fault or AFTER_A_FAULT) >= AFTER_A_FAULT
        if decides is nothing and not time_is_up:
            assert shop.order["status"] == "AWAITING_PAYMENT", (over, fault)
            looks = shop.driven_to_rest()
            assert looks <= 4, (over, fault)
        assert shop.end() == DECISIONS[decides], (over, fault)
        assert shop.order["attention"] == {}


OUTAGES = [(0, 0), (0, 15), (0, 29), (0, 45), (20, 31), (25, 29), (28, 40), (29, 95)]
"""From which minute to which the gateway fails, after the order came to wait."""


@pytest.mark.parametrize("outage", OUTAGES, ids=str)
def test_an_outage_of_the_gateway_costs_no_customer_the_payment(
    shop: DrivenShop, outage: tuple[int, int]
) -> None:
    """No event arrives; the looks alone find out."""
    start, end = (each * MINUTE for each in outage)
    for minute in (None, 2, 21, 29, 32, 37):
        approval = None if minute is None else minute * MINUTE
        shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
        shop.system.sandbox.is_down = lambda: start <= shop.waited < end
        failed = driven_with_approval(shop, approval)
        shop.system.sandbox.is_down = lambda: False
        found, rested = shop.end(), shop.waited
        if found == TIMEOUT:
            assert rested >= APPROVAL, approval
            assert failed is None or rested - failed >= AFTER_A_FAULT, approval
            assert approval is None or approval > APPROVAL
        else:
            assert found == CONFIRMED
        last = max(APPROVAL, end)
        assert rested <= last + AFTER_A_FAULT + 2 * 3.75 * MINUTE, approval


def driven_with_approval(shop: DrivenShop, approval: timedelta | None) -> timedelta | None:
    """Return when the last run failed that the reconciler started."""
    failed = None
    for _ in range(60):
        if "dueAt" not in shop.order:
            return failed
        due = datetime.fromisoformat(shop.order["dueAt"]) - datetime.now(UTC)
        if approval is not None and shop.waited + due > approval:
            shop.at_the_bank("approve")
            approval = None
        shop.minute_when_due()
        if shop.runs[-1].execution.status == "FAILED":
            failed = shop.waited
    raise AssertionError(f"still {shop.order}")


@pytest.mark.parametrize("late", [-MINUTE, MINUTE, timedelta(days=1)], ids=str)
def test_an_approved_payment_goes_on_however_late_it_is_looked_at_and_wherever_a_run_dies(
    shop: DrivenShop, late: timedelta
) -> None:
    number = 0
    while True:
        shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
        shop.at_the_bank("approve")
        shop.wait(APPROVAL + late)
        run = shop.system.run(f"{ORDER_ID}-2")
        run.killer = plan = KillPlan({number: Moment.AFTER}, Way.RUN)
        run.to_the_end()
        assert shop.driven_to_rest() <= 1
        assert shop.end() == CONFIRMED, run.told()
        if not plan.killed:
            return
        number += 1


def test_a_late_approved_payment_goes_on_when_two_runs_find_it_at_once(shop: DrivenShop) -> None:
    """The look at `approveBy` and the run of the gateway's event, one in the other at every call."""
    for point in count(1):
        shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
        shop.at_the_bank("approve")
        shop.wait(APPROVAL + AROUND)
        first = shop.system.run("A").to(point)
        is_over = first.ended
        shop.system.run("B").to_the_end()
        first.to_the_end()
        assert shop.end() == CONFIRMED, first.told()
        if is_over:
            return


@pytest.mark.parametrize("age", [TOO_OLD - AROUND, TOO_OLD + AROUND], ids=str)
def test_an_order_whose_customer_approved_the_payment_is_too_old_an_hour_after_that(
    shop: DrivenShop, age: timedelta
) -> None:
    shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
    shop.wait(APPROVAL - AROUND)
    shop.at_the_bank("approve")
    shop.system.run(f"{ORDER_ID}-2", {"update_inventory": dies}).to_the_end()
    shop.wait(age)
    assert shop.driven_to_rest() == 1
    assert shop.end() == (CONFIRMED if age < TOO_OLD else GIVEN_UP)


@pytest.mark.parametrize("age", AGES, ids=str)
def test_a_cancel_is_completed_by_one_look_at_any_age(shop: DrivenShop, age: timedelta) -> None:
    shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
    shop.are_driven = False
    shop.customer.request("POST", f"/api/orders/{ORDER_ID}/cancel")
    shop.are_driven = True
    shop.wait(age)
    assert shop.driven_to_rest() == 1
    assert shop.end() == ("CANCELLED", "")
