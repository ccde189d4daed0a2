"""Place an order, and look at one's own. Nothing is decided here: the workflow does that."""

import base64
import json
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.adapters import order_table, workflow
from handlers.adapters.items import Item
from handlers.api import contract
from handlers.api.customer import Customer, customer
from handlers.api.problem import Fault, Problem, answer, not_found
from handlers.domain.clock import timestamp
from handlers.domain.money import Money, fault_of_total
from handlers.domain.order import (
    AT_REST,
    Order,
    OrderLine,
    OrderRequest,
    OrderStatus,
    TimelineEntry,
    new_order,
)
from handlers.domain.refusals import detail_told
from handlers.runtime.observability import logger

router = Router()

_PAGE = 20


@router.post("/api/orders")
def place_order() -> Response[str]:
    """One conditional write, then the workflow's start. Once written, the answer is 202.

    A repeated request starts a run too, unless a fault was counted and the order is not due: a run
    may have ended without a trace.
    """
    event = router.current_event
    who = customer(event)  # pyright: ignore[reportArgumentType]
    key = contract.parameter("placeOrder", "Idempotency-Key", event.headers.get("Idempotency-Key"))
    request: OrderRequest = contract.body(event, "OrderRequest")  # pyright: ignore[reportArgumentType]
    _can_be_ordered(request)
    order = new_order(who.customer_id, who.email, key, request, datetime.now(UTC))
    logger.append_keys(orderId=order["orderId"])
    try:
        standing = order_table.place(order)
    except order_table.Unanswered as error:
        detail = "Your order may have arrived. Send it again under the same Idempotency-Key."
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail) from error
    repeated = standing is not order
    if standing["fingerprint"] != order["fingerprint"]:
        detail = "This Idempotency-Key was used for another request. Use a new one."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    wanted = not repeated or _wants_a_run(standing)
    if wanted and not workflow.start(order["orderId"], _cause(standing, repeated)):
        order_table.make_due(standing)
    logger.info("accepted")
    return accepted(standing)


@router.get("/api/orders")
def list_orders() -> Response[str]:
    event = router.current_event
    who = customer(event)  # pyright: ignore[reportArgumentType]
    query = event.query_string_parameters or {}
    limit = query.get("limit", str(_PAGE))
    asked = int(limit) if re.fullmatch(r"[0-9]{1,6}", limit) else limit
    size = contract.parameter("listOrders", "limit", asked)
    start = _start(who, query["cursor"]) if "cursor" in query else None
    items, following = order_table.page(who.customer_id, size, start)
    page: dict[str, Any] = {"orders": [_summary(item) for item in items]}
    if following:
        page["cursor"] = _cursor(following)
    return answer(page)


@router.get("/api/orders/<order_id>")
def get_order(order_id: str) -> Response[str]:
    return answer(_view(own_order(order_id)))


def own_order(wanted: str) -> Order:
    """The asking customer's order of this id. Raises Problem 404 for everybody else's."""
    who = customer(router.current_event)  # pyright: ignore[reportArgumentType]
    if not contract.accepts("getOrder", "orderId", wanted):
        raise not_found()
    logger.append_keys(orderId=wanted)
    order = order_table.get(wanted)
    if order is None or order["customerId"] != who.customer_id:
        raise not_found()
    return order


def accepted(order: Order) -> Response[str]:
    """Answer 202 with where the order can be followed."""
    body = {name: order[name] for name in ("orderId", "status", "version")}
    return answer(body, HTTPStatus.ACCEPTED, Location=f"/api/orders/{order['orderId']}")


def _wants_a_run(order: Order) -> bool:
    """Whether a repeated request starts a run: nothing has counted a fault yet, or it is due."""
    if "dueAt" not in order:
        return False
    is_fresh = order["status"] == OrderStatus.RECEIVED and order["attempts"] == 0
    return is_fresh or order["dueAt"] <= timestamp()


def _cause(order: Order, repeated: bool) -> str:
    """What starts the run, for its name: the order's version, for a repeated request with the
    minute, because the name of a run that ended without a trace is used up.
    """
    version = str(order["version"])
    return f"{version}-{datetime.now(UTC):%Y%m%d%H%M}" if repeated else version


def _can_be_ordered(request: OrderRequest) -> None:
    """Raise Problem 422 for what no schema says: a product twice, a total that can't be paid."""
    seen: set[str] = set()
    faults: list[Fault] = []
    for position, line in enumerate(request["lines"]):
        if line["productId"] in seen:
            path = f"lines[{position}].productId"
            faults.append(Fault(path, "is in the order already; raise its quantity instead"))
        seen.add(line["productId"])
    wrong = fault_of_total(request["expectedTotal"])
    if wrong:
        faults.append(Fault("expectedTotal", wrong))
    if faults:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not valid.", faults)


def _total(order: Order) -> Money:
    return {"amount": order["total"], "currency": order["currency"]}


def _summary(order: Order) -> dict[str, Any]:
    shown = ("orderId", "status", "version", "createdAt")
    fields = {name: order[name] for name in shown}
    return fields | {"settled": _has_ended(order), "total": _total(order)}


def _has_ended(order: Order) -> bool:
    return order["status"] in AT_REST


def _view(order: Order) -> dict[str, Any]:
    view = _summary(order) | {
        "lines": [_line(line, order["currency"]) for line in order["lines"]],
        "timeline": [_entry(entry, order) for entry in order["timeline"]],
        "receiptAvailable": order.get("receiptStored", False),
        "settled": _has_ended(order) and not _awaits_receipt(order),
    }
    if "clientSecret" in order and "approveBy" in order:
        view["action"] = {name: order[name] for name in ("clientSecret", "approveBy")}
    return view | ({"reason": order["reason"]} if "reason" in order else {})


def _entry(entry: TimelineEntry, order: Order) -> dict[str, Any]:
    detail = detail_told(order.get("reason", ""), entry.get("detail", ""), order)
    shown = {"status": entry["status"], "at": entry["at"]}
    return shown | ({"detail": detail} if detail else {})


def _awaits_receipt(order: Order) -> bool:
    return order["status"] == OrderStatus.CONFIRMED and not order.get("receiptStored")


def _line(line: OrderLine, currency: str) -> dict[str, Any]:
    if "unitPrice" not in line:
        return {**line}
    return {**line, "unitPrice": {"amount": line["unitPrice"], "currency": currency}}


def _cursor(key: Item) -> str:
    place = [key["createdAt"], key["pk"].removeprefix("ORDER#")]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _start(who: Customer, cursor: str) -> Item:
    """The key that `cursor` stands for, always one of the asking customer's own."""
    contract.parameter("listOrders", "cursor", cursor)
    try:
        created_at, wanted = json.loads(base64.urlsafe_b64decode(cursor))
        known = contract.accepts("getOrder", "orderId", wanted)
        if not known or not re.fullmatch(r"[\dT:.Z-]+", created_at):
            raise ValueError(cursor)
    except (ValueError, TypeError) as error:
        fault = Fault("cursor", "is not a cursor of this list")
        raise Problem(HTTPStatus.BAD_REQUEST, "The request is not valid.", [fault]) from error
    own = {"customerId": who.customer_id, "createdAt": created_at}
    return own | {"pk": f"ORDER#{wanted}", "sk": "ORDER"}
