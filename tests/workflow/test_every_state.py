"""Every state of the definition is reached on the emulator, and it is told which run did it."""

from collections.abc import Callable

import pytest

from tests.support.execution_traces import Definition, another_machine, trace
from tests.support.function_code import AFTER_ITS_EFFECT
from tests.support.live_system import LiveSystem
from tests.support.order_paths import all_states

Trace = set[str]


def accepted(shop: LiveSystem, card: str = "pm_card_visa", stock: int = 5) -> str:
    """An order for two of something that nobody has driven yet."""
    product, customer = shop.product(available=stock), shop.customer()
    with shop.unstarted():
        return customer.accepted({product: 2}, card=card)


def paid(shop: LiveSystem) -> Trace:
    """Mail and receipt are there, so both branches ran."""
    product, customer = shop.product(), shop.customer()
    with shop.unstarted():
        order_id = customer.accepted({product: 2})
    visited = trace(shop, order_id)
    assert shop.order(order_id)["receiptStored"]
    shop.until(order_id, lambda _: bool(shop.mails(customer.email)))
    return {*visited, *trace(shop, order_id), "SendNotification", "GenerateReceipt"}


def declined(shop: LiveSystem) -> Trace:
    return {*trace(shop, accepted(shop, "pm_card_chargeDeclined"))}


def sold_out(shop: LiveSystem) -> Trace:
    return {*trace(shop, accepted(shop, stock=1))}


def awaiting(shop: LiveSystem) -> Trace:
    order_id = accepted(shop, "pm_card_authenticationRequired")
    return {*trace(shop, order_id), *trace(shop, order_id)}


def faulted(shop: LiveSystem) -> Trace:
    order_id = accepted(shop)
    with shop.broken("process_payment"):
        return {*trace(shop, order_id)}


def flagged(shop: LiveSystem) -> Trace:
    """Operators are told at once; the run that completes the order takes the flag off."""

    def impatient(states: Definition) -> None:
        states["ReadOrder"]["Assign"]["maxAttempts"] = 1

    order_id = accepted(shop)
    with shop.broken("validate_order"), another_machine(shop, impatient) as machine:
        visited = trace(shop, order_id, machine)
    assert shop.order(order_id)["attention"].keys() == {"FAULT"}
    visited += trace(shop, order_id)
    assert shop.order(order_id)["attention"] == {}
    return {*visited}


def given_up(shop: LiveSystem) -> Trace:
    def hurried(states: Definition) -> None:
        states["ReadOrder"]["Assign"]["maxAgeMinutes"] = 0

    with another_machine(shop, hurried) as machine:
        return {*trace(shop, accepted(shop), machine)}


def moved_by_its_own_first_try(shop: LiveSystem) -> Trace:
    order_id = accepted(shop)
    with shop.broken("update_inventory", AFTER_ITS_EFFECT):
        return {*trace(shop, order_id)}


def answered_by_another_release(shop: LiveSystem) -> Trace:
    answers = "def lambda_handler(event, context):\n    return {'outcome': 'NEEDS_REVIEW'}\n"
    order_id = accepted(shop)
    with shop.broken("process_payment", answers):
        visited = trace(shop, order_id)
    assert "NEEDS_REVIEW" in shop.order(order_id)["lastFault"]["cause"]
    return {*visited}


def not_told(shop: LiveSystem) -> Trace:
    """The order says which branch failed, and it is told by that branch's last state."""

    def deaf(states: Definition) -> None:
        (notify, _) = states["FulfilOrder"]["Branches"]
        arguments = notify["States"]["SendNotification"]["Arguments"]
        arguments["TopicArn"] += "-that-does-not-exist"

    order_id = accepted(shop)
    with another_machine(shop, deaf) as machine:
        visited = trace(shop, order_id, machine)
    assert shop.order(order_id)["lastFault"]["state"] == "SendNotification"
    return {*visited, "NotificationFailed"}


def without_receipt(shop: LiveSystem) -> Trace:
    order_id = accepted(shop)
    with shop.broken("generate_receipt"):
        visited = trace(shop, order_id)
    assert shop.order(order_id)["lastFault"]["state"] == "GenerateReceipt"
    return {*visited, "ReceiptFailed"}


def unheard_of(shop: LiveSystem) -> Trace:
    order_id = accepted(shop)
    shop.change(order_id, status="LOST")
    return {*trace(shop, order_id)}


# What each comes by that no other does: the test can't pass by luck of another one's way.
WAYS: dict[Callable[[LiveSystem], Trace], Trace] = {
    paid: {"FulfilOrder", "IsFulfilled", "CompleteOrder", "Completed", "NothingToDo"},
    declined: {"RejectOrder", "ReleasePayment", "ReleaseInventory", "IsReturned", "CloseOrder"},
    sold_out: {"IsValid", "RejectOrder", "SendRefusal", "CompleteOrder", "Completed"},
    awaiting: {"IsAuthorized", "AskForApproval", "AwaitingCustomer"},
    faulted: {"ProcessPayment", "RecordFault", "AttemptsLeft", "RunFailed"},
    flagged: {"FlagForAttention", "AlertOperators", "IsTooOld", "RunFailed", "ClearFlags"},
    given_up: {"FlagForAttention", "AlertOperators", "IsTooOld", "GiveUp", "Completed"},
    moved_by_its_own_first_try: {"RecordFault", "LookAgain", "HasMovedOn", "CapturePayment"},
    answered_by_another_release: {"UnknownOutcome", "RecordFault", "RunFailed"},
    not_told: {"NotificationFailed", "RecordFault", "RunFailed"},
    without_receipt: {"ReceiptFailed", "RecordFault", "RunFailed"},
    unheard_of: {"ReadOrder", "RouteByStatus", "UnknownStatus", "RecordFault"},
}


@pytest.fixture(scope="module")
def visited(shop: LiveSystem) -> dict[str, Trace]:
    """The states that each way went through."""
    return {way.__name__: way(shop) for way in WAYS}


def test_every_state_is_reached(visited: dict[str, Trace]) -> None:
    assert set[str]().union(*visited.values()) == set(all_states())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_comes_by_its_own_states(
    visited: dict[str, Trace], way: Callable[[LiveSystem], Trace]
) -> None:
    assert WAYS[way] <= visited[way.__name__]
