"""An order whose payment waits for the customer's approval, and a bank to approve it at.

The answers of the API are the local cloud's; what it lacks is added on the way to the page.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Route

from handlers.domain.clock import timestamp
from tests.support.browser.shopper import Shopper

BANK = "https://bank.test"
INTENT = "pi_1"
SECRET = f"{INTENT}_secret_2"
_ORDER = re.compile(r"/api/orders/[A-Z2-7]{26}$")
_CANCEL = re.compile(r"/api/orders/[A-Z2-7]{26}/cancel$")
_ENDED = ("CONFIRMED", "REJECTED", "CANCELLED")
_BANK_PAGE = """<!doctype html><html lang="en"><title>Your bank</title><main><h1>Your bank</h1>
<a href="{back}&redirect_status=succeeded">Approve</a>
<a href="{back}&redirect_status=failed">Refuse</a>
<a href="{back}&redirect_status=pending">Close</a></main></html>"""


class Approval:
    """Serves a shopper's order that waits as one that can be approved, for so many minutes more.

    `asked` are the addresses of the bank's page that were opened, `cancelled` those that were asked to
    cancel the order.
    """

    def __init__(self, shopper: Shopper, minutes: float = 15):
        self.asked: list[str] = []
        self.cancelled: list[str] = []
        self._left = timedelta(minutes=minutes)
        self._placed = datetime.now(UTC)
        self._is_refusing = False
        self._next: list[str] = []
        self._reason: str | None = None
        context = shopper.context
        context.route("**/config.json", self._configure)
        context.route(_ORDER, self._on_order)
        context.route(_CANCEL, self._on_cancel)
        context.route(f"{BANK}/**", self._on_bank)

    def reaches(self, *statuses: str, reason: str | None = None) -> None:
        """The order comes to these statuses, one after the other, at once."""
        self._next += statuses
        self._reason = reason

    def ends(self) -> None:
        """The time to approve is over."""
        self._left = timedelta(seconds=-1)

    def refuses_to_cancel(self) -> None:
        """As the API does once the order has gone on."""
        self._is_refusing = True

    def _configure(self, route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"paymentSandboxUrl": BANK})

    def _on_order(self, route: Route) -> None:
        answer = route.fetch()
        order: dict[str, Any] = answer.json()
        if order.get("status") == "AWAITING_PAYMENT":
            order = self._told(order)
        route.fulfill(response=answer, json=order)

    def _told(self, order: dict[str, Any]) -> dict[str, Any]:
        if not self._next:
            approve_by = timestamp(self._placed + self._left)
            return order | {"action": {"clientSecret": SECRET, "approveBy": approve_by}}
        now = timestamp(datetime.now(UTC))
        return (
            order
            | {"status": self._next[-1], "version": order["version"] + len(self._next)}
            | {"timeline": order["timeline"] + [{"status": each, "at": now} for each in self._next]}
            | {"settled": self._next[-1] in _ENDED}
            | ({"reason": self._reason} if self._reason else {})
        )

    def _on_cancel(self, route: Route) -> None:
        self.cancelled.append(route.request.url)
        if self._is_refusing:
            problem = {"type": "about:blank", "title": "Conflict", "detail": "It has gone on"}
            kind = "application/problem+json"
            route.fulfill(status=409, content_type=kind, body=json.dumps(problem))
            return
        self.reaches("CANCELLING")
        order_id = route.request.url.split("/")[-2]
        accepted = {"orderId": order_id, "status": "CANCELLING", "version": 4}
        route.fulfill(status=202, content_type="application/json", body=json.dumps(accepted))

    def _on_bank(self, route: Route) -> None:
        self.asked.append(route.request.url)
        page = route.request.frame.page
        back = f"{_order_page(page)}?payment_intent={INTENT}&payment_intent_client_secret={SECRET}"
        html = _BANK_PAGE.format(back=back.replace("&", "&amp;"))
        route.fulfill(content_type="text/html", body=html)


def _order_page(page: Page) -> str:
    """The page that a bank's page is opened from, without a query."""
    return page.url.partition("?")[0]
