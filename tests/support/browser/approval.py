"""An order whose payment waits for its customer: they decide at the sandbox's bank, or time passes."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from handlers.domain.clock import timestamp
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem
from tests.support.reconciliation import aged

APPROVE = "Approve the payment"
_TIMES = ("createdAt", "timeline", "approveBy", "dueAt")
_BEFORE_ALL_OTHERS = timedelta(days=365)  # whatever else of the tests' orders is due


def go_to_the_bank(tab: Shopper) -> None:
    """From the order's page."""
    tab.button(APPROVE).click()
    tab.reads_heading("Approve this payment?")


def decide(tab: Shopper, decision: str) -> None:
    """At the bank's page: `Approve`, `Refuse` or `Close without deciding`."""
    tab.button(decision).click()
    tab.order_id()


def let_pass(shop: LiveSystem, order_id: str, span: timedelta) -> None:
    """As if the order had been placed, and had come to wait, earlier by `span`."""
    older = aged(shop.order(order_id), span)
    shop.change(order_id, **{name: older[name] for name in _TIMES})


def look(shop: LiveSystem, order_id: str) -> None:
    """The reconciler looks at the order, as if it were due."""
    due_at = timestamp(datetime.now(UTC) - _BEFORE_ALL_OTHERS)
    shop.change(order_id, dueAt=due_at)
    shop.reconcile()
    shop.until(order_id, lambda order: order.get("dueAt") != due_at)


def mails(shop: LiveSystem, shopper: Shopper) -> Counter[str]:
    """How many mails of each subject the shopper has."""
    return Counter(mail["Subject"] for mail in shop.mails(shopper.email))
