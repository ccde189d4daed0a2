"""`order`: places an order over HTTP as a customer would, and follows it to its end.

If the bank asks, it is answered on the sandbox's page, as the customer would in a browser.
"""

import argparse
import time
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from handlers.domain.money import Money, format_money
from handlers.domain.order import AT_REST, OrderStatus
from local.commands.sign_in import id_token
from localcloud import settings, web
from localcloud.errors import LocalError
from localcloud.instance import running
from localcloud.json_values import is_object

POLL_INTERVAL = 0.15  # seconds; the API's readers poll no faster than every 100 ms
DEADLINE = 60.0  # seconds for the whole order
RECEIPT_DEADLINE = 10.0  # seconds from CONFIRMED to the receipt
ENDED = AT_REST | {OrderStatus.AWAITING_PAYMENT}  # the last waits for the customer


def order(arguments: argparse.Namespace) -> int:
    """0 if the order ends CONFIRMED, 1 otherwise."""
    outputs = running.outputs(settings.state_dir())
    customer = _Customer(outputs["storefrontUrl"], id_token(outputs, arguments.email))
    product = _choose(customer.get("/api/products")["products"], arguments.product)
    total: Money = {
        "amount": product["price"]["amount"] * arguments.quantity,
        "currency": product["price"]["currency"],
    }
    print(
        f"{arguments.email} orders {arguments.quantity} x {product['name']} for {format_money(**total)}"
    )
    accepted = customer.place(
        {
            "lines": [{"productId": product["productId"], "quantity": arguments.quantity}],
            "expectedTotal": total,
            "paymentMethod": arguments.card,
        }
    )
    print(f"order {accepted['orderId']}", flush=True)
    path = f"/api/orders/{accepted['orderId']}"
    ended = _follow(customer, path)
    if ended["status"] == OrderStatus.AWAITING_PAYMENT:
        _answer_bank(outputs["paymentSandboxUrl"], ended["action"], arguments.bank)
        if arguments.bank == "close":
            raise LocalError(f"the order waits for approval; its page is {_page(outputs, path)}")
        ended = _follow(customer, path, ended)
    if ended["status"] != OrderStatus.CONFIRMED:
        raise LocalError(f"the order ended {ended['status']}{_why(ended)}")
    _show_receipt(customer, path)
    return 0


class _Customer:
    """The API as one signed-in customer uses it: through the storefront, which every stack leaves open."""

    def __init__(self, storefront_url: str, token: str) -> None:
        self._storefront_url = storefront_url
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        """The JSON at a path; LocalError with the API's own words if it refuses."""
        return self._checked(web.request("GET", self._storefront_url + path, headers=self._headers))

    def place(self, body: Mapping[str, Any]) -> Any:
        """The accepted order."""
        headers = self._headers | {"Idempotency-Key": str(uuid.uuid4())}
        return self._checked(
            web.request("POST", f"{self._storefront_url}/api/orders", body=body, headers=headers)
        )

    def _checked(self, answer: web.Response) -> Any:
        document = answer.json()
        if answer.status < 300:
            return document
        raise LocalError(f"the API answered {answer.status}: {_problem(document)}")


def _problem(document: Any) -> str:
    """A problem document (RFC 9457) in one line; whatever else it may be, as it is."""
    if not is_object(document) or "title" not in document:
        return str(document)
    details = [error["message"] for error in document.get("errors", [])]
    return ": ".join([document["title"], *details])


def _choose(products: list[Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any]:
    for product in products:
        if product["productId"] == wanted or (wanted is None and product["available"] > 0):
            return product
    if wanted is None:
        raise LocalError("no product is in stock")
    known = ", ".join(product["productId"] for product in products)
    raise LocalError(f"there is no product '{wanted}'; there are: {known}")


def _page(outputs: Mapping[str, Any], path: str) -> str:
    return outputs["storefrontUrl"] + path.removeprefix("/api")


def _answer_bank(sandbox_url: str, approval: Mapping[str, str], decision: str) -> None:
    """What the customer decides on the bank's page; docs/payment-sandbox.md describes it."""
    print(f"  the bank asks for approval until {approval['approveBy'][11:16]} UTC: {decision}")
    secret = approval["clientSecret"]
    page = f"{sandbox_url}/bank/{secret.partition('_secret_')[0]}"
    query = urlencode({"payment_intent_client_secret": secret})
    answer = web.request("POST", f"{page}?{query}", form={"decision": decision})
    if answer.status != HTTPStatus.SEE_OTHER:
        raise LocalError(f"the bank's page answered {answer.status}")


def _follow(
    customer: _Customer, path: str, seen: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Prints each new timeline entry after those `seen`, and returns the order at its end."""
    shown = len(seen["timeline"]) if seen else 0
    ends = AT_REST if seen else ENDED
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        found = customer.get(path)
        timeline = found["timeline"]
        for entry in timeline[shown:]:
            detail = f"  {entry['detail']}" if entry.get("detail") else ""
            print(f"  {entry['at'][11:23]}  {entry['status']}{detail}", flush=True)
        shown = len(timeline)
        if found["status"] in ends:
            return found
        time.sleep(POLL_INTERVAL)
    raise LocalError(
        f"the order has not ended after {DEADLINE:.0f} s; `.venv/bin/python -m local logs` may say why"
    )


def _show_receipt(customer: _Customer, path: str) -> None:
    deadline = time.monotonic() + RECEIPT_DEADLINE
    while not customer.get(path)["receiptAvailable"]:
        if time.monotonic() > deadline:
            print("CONFIRMED; the receipt is not there yet")
            return
        time.sleep(POLL_INTERVAL)
    print(f"CONFIRMED; receipt: {customer.get(f'{path}/receipt')['url']}")


def _why(ended: Mapping[str, Any]) -> str:
    """The reason code and, if the timeline has one, its detail in plain words."""
    details = [entry["detail"] for entry in ended["timeline"] if entry.get("detail")]
    reason = f" ({ended['reason']})" if ended.get("reason") else ""
    return reason + (f": {details[-1]}" if details else "")
