"""Six runs of one fresh order at the same instant: one effect, whatever the card and the stock.

The sandbox is made slow, so that the runs meet in the payment; each test proves that they did.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import pytest

from handlers.domain.order import TRANSITIONS, OrderStatus
from local import shop as local_shop
from localcloud.instance import running
from localcloud.ports import free_port
from tests.support.function_calls import calls, most_at_once
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import Customer, LiveSystem

_ORDERS = 20
_RUNS = 6
_AT_ONCE = 2  # orders
_STOCK = 5
_DELAY_MS = "250"
_FUNCTIONS = (
    "validate_order",
    "process_payment",
    "update_inventory",
    "capture_payment",
    "generate_receipt",
    "release_payment",
    "release_inventory",
)
_PAID = ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"]

_UPDATE_INVENTORY = Path(__file__).parents[2] / "handlers/workflow/update_inventory.py"
_SHELF_EMPTIED_FIRST = (
    _UPDATE_INVENTORY.read_text(encoding="utf-8")
    + """
from handlers.adapters.items import encode
from handlers.adapters.inventory_table import _table
from handlers.runtime.aws import client

_taking = lambda_handler


def lambda_handler(event, context):
    for line in Step.of(event).order["lines"]:
        client("dynamodb").update_item(
            TableName=_table(),
            Key=encode({"pk": f"PRODUCT#{line['productId']}", "sk": "PRODUCT"}),
            UpdateExpression="SET available = :few, stocked = :few",
            ExpressionAttributeValues=encode({":few": 1}),
        )
    return _taking(event, context)
"""
)


@dataclass(frozen=True)
class Race:
    """One order that was run `_RUNS` times at once; `began` in seconds since the epoch."""

    order_id: str
    product_id: str
    began: float
    runs: list[str]


class Track:
    """Where the races are run."""

    def __init__(self, shop: LiveSystem, customer: Customer):
        self.shop, self.customer = shop, customer

    def race(self, quantity: int = 2, card: str = "pm_card_visa") -> list[Race]:
        """`_ORDERS` accepted orders that no run has touched, raced a few at a time."""
        products = [self.shop.product(available=_STOCK, price=1000) for _ in range(_ORDERS)]
        total = {"amount": quantity * 1000, "currency": "USD"}
        with self.shop.unstarted():
            placed = {
                self.customer.accepted({each: quantity}, card=card, expectedTotal=total): each
                for each in products
            }
        untouched = [self.shop.order(order_id)["version"] for order_id in placed]
        assert untouched == [1] * _ORDERS
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._run, *zip(*placed.items(), strict=True)))

    def _run(self, order_id: str, product_id: str) -> Race:
        start = Barrier(_RUNS)

        def run(_: int) -> str:
            start.wait()
            return self.shop.run(order_id)["status"]

        began = time.time()
        with ThreadPoolExecutor(_RUNS) as pool:
            runs = list(pool.map(run, range(_RUNS)))
        return Race(order_id, product_id, began, runs)


@pytest.fixture(scope="module")
def slow_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """A shop of its own, in which all runs of an order may be in one function at once."""
    state_dir = tmp_path_factory.mktemp("races")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LOCAL_FUNCTION_CONCURRENCY", str(_RUNS))
        environment.setenv("LOCAL_TOTAL_CONCURRENCY", str(_AT_ONCE * _RUNS))
        try:
            shop = LiveSystem(local_shop.up("dev", state_dir=state_dir, port=free_port()))
            slow_down_payments(shop)
            yield shop
        finally:
            running.down(state_dir)


def slow_down_payments(shop: LiveSystem) -> None:
    """The sandbox pauses between reading and writing, where overlapping requests would do harm."""
    sandbox = shop.function("payment_sandbox")
    settings = sandbox["Environment"]["Variables"] | {"SANDBOX_DELAY_MS": _DELAY_MS}
    shop.aws.lambda_.update_function_configuration(
        FunctionName=sandbox["FunctionName"], Environment={"Variables": settings}
    )


@pytest.fixture
def track(slow_shop: LiveSystem) -> Track:
    return Track(slow_shop, slow_shop.customer())


def test_a_good_card_is_charged_once(track: Track) -> None:
    races = track.race()

    assert_met(track.shop, races, "process_payment", at_least=_RUNS // 2)
    assert_one_effect(track, races, _PAID)
    for race in races:
        assert track.shop.ledger(race.order_id) == {"AUTHORIZE": 2000, "CAPTURE": 2000}


def test_a_declined_card_is_never_charged(track: Track) -> None:
    races = track.race(card="pm_card_chargeDeclined")

    assert_met(track.shop, races, "process_payment", at_least=_RUNS // 2)
    refused = ["RECEIVED", "VALIDATED", "REJECTING", "REJECTED"]
    assert_one_effect(track, races, refused, "PAYMENT_DECLINED")
    for race in races:
        assert track.shop.ledger(race.order_id) == {"DECLINE": 2000}


def test_what_is_out_of_stock_never_reaches_the_card(track: Track) -> None:
    races = track.race(quantity=_STOCK + 1)

    assert_met(track.shop, races, "validate_order", at_least=2)
    assert_one_effect(track, races, ["RECEIVED", "REJECTING", "REJECTED"], "OUT_OF_STOCK")
    book = track.shop.all_intents()
    for race in races:
        assert race.order_id not in book
        assert track.shop.ledger(race.order_id) == {}


def test_stock_that_goes_after_validation_holds_no_money(track: Track) -> None:
    with track.shop.broken("update_inventory", _SHELF_EMPTIED_FIRST):
        races = track.race()

    assert_met(track.shop, races, "process_payment", at_least=_RUNS // 2)
    back = [*_PAID[:3], "REJECTING", "REJECTED"]
    assert_one_effect(track, races, back, "OUT_OF_STOCK", stock=1)
    for race in races:
        assert track.shop.ledger(race.order_id) == {"AUTHORIZE": 2000, "RELEASE": 2000}


def assert_one_effect(
    track: Track, races: list[Race], passed: list[str], reason: str | None = None, stock=_STOCK
) -> None:
    """One legal history, one intent, money and stock exact, one mail; `stock` without the order."""
    shop = track.shop
    assert_nothing_failed(shop, races)
    book = shop.all_intents()
    for race in races:
        order = shop.order(race.order_id)
        assert race.runs == ["SUCCEEDED"] * _RUNS, order
        assert "dueAt" not in order
        assert (order["attempts"], order.get("reason")) == (0, reason)
        assert [entry["status"] for entry in order["timeline"]] == passed
        assert_legal(passed)
        assert len(book.get(race.order_id, [])) == int("VALIDATED" in passed)
        assert_money_is_exact(shop, race.order_id, book)
        assert_stock_is_exact(shop, race.order_id, race.product_id, initial=stock)
    assert_one_mail_each(track, [race.order_id for race in races])


def assert_legal(passed: list[str]) -> None:
    """Each status follows from the one before it by the one table of legal moves."""
    for before, after in pairwise(passed):
        assert OrderStatus(after) in TRANSITIONS[OrderStatus(before)]


def assert_one_mail_each(track: Track, order_ids: list[str]) -> None:
    """Every event has been looked at, and each order has made one mail."""
    shop = track.shop
    queue = shop.aws.sqs.get_queue_url(QueueName="orders-dev-notifier-mails")["QueueUrl"]
    waiting = {"QueueUrl": queue, "AttributeNames": ["ApproximateNumberOfMessages"]}

    def done(_: object) -> bool:
        attributes = shop.aws.sqs.get_queue_attributes(**waiting)["Attributes"]
        mails = shop.mails(track.customer.email)
        return attributes["ApproximateNumberOfMessages"] == "0" and len(mails) >= _ORDERS

    shop.until(order_ids[0], done)
    texts = [mail["BodyText"] for mail in shop.mails(track.customer.email)]
    assert [sum(each in text for text in texts) for each in order_ids] == [1] * _ORDERS


def assert_met(shop: LiveSystem, races: list[Race], function: str, at_least: int) -> None:
    """For most of the orders, so many runs at least were inside the function at the same time."""
    found = calls(shop, function, beginning(races))
    at_once = [
        most_at_once(call for call in found if call.order_id == race.order_id) for race in races
    ]
    assert sum(most >= at_least for most in at_once) > _ORDERS * 3 // 4, at_once


def assert_nothing_failed(shop: LiveSystem, races: list[Race]) -> None:
    """To lose a race is no fault, and so is never tried again."""
    for function in _FUNCTIONS:
        since = beginning(races)
        assert [call.lines for call in calls(shop, function, since) if call.failed] == []


def beginning(races: list[Race]) -> float:
    return min(race.began for race in races)
