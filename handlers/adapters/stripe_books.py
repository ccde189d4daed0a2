"""What Stripe has of this stack's payments, for who may only read it.

Payments of other stacks, which may use the same account, are left out.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import stripe
from stripe._v1_services import V1Services

from handlers.adapters.stripe_objects import fault, intent_of, is_failed
from handlers.adapters.stripe_requests import StripeRequests
from handlers.domain.books import GatewayPayment
from handlers.domain.payment import Dispute
from handlers.domain.sweep import Span
from handlers.runtime.settings import PaymentSettings, load

PAUSE_SECONDS = 0.2
"""Between the requests: five a second leave most of what Stripe takes, 25 of a kind each second, to
customers. https://docs.stripe.com/rate-limits"""

_PAGE = 100  # objects; the most of one page
_EXPAND = ["latest_charge.refunds"]
_EXPAND_LIST = ["data.latest_charge.refunds"]

Answer = TypeVar("Answer")
Params = dict[str, Any]
List = Callable[[V1Services, Any], stripe.ListObject[Any]]


class Listed(NamedTuple):
    """A refund or a dispute; `intent_id` is its payment, empty for one without an intent."""

    id: str
    intent_id: str
    created: int
    failed: bool = False


class StripeBooks:
    """The payments of one stack, at most five requests a second.

    Every method raises PaymentGatewayUnavailable when Stripe gives no answer, as PaymentGatewayRefused
    if it refuses the request, which it does with a key that may not read what is asked for.
    """

    def __init__(self) -> None:
        self._stack = load(PaymentSettings).stack_name
        self._earliest = time.monotonic()

    def payment(self, intent_id: str) -> GatewayPayment | None:
        """The payment as it stands now; None if there is none of this stack with this id."""
        try:
            intent = self._send(
                "retrieve",
                intent_id,
                lambda api: api.payment_intents.retrieve(intent_id, {"expand": _EXPAND}),
            )
        except stripe.InvalidRequestError:
            return None
        return self._of(intent)

    def payments(
        self, created: Span, after: str = ""
    ) -> Iterator[tuple[str, GatewayPayment | None]]:
        """The payments that were made in this time, the newest first, `after` one of them.

        Each comes with its id, and those of other stacks as None, so that it is known how far a list
        was read.
        """

        def page(api: V1Services, params: Any) -> stripe.ListObject[stripe.PaymentIntent]:
            params["expand"] = _EXPAND_LIST
            return api.payment_intents.list(params)

        for intent in self._listed("payments", page, created, after):
            yield intent.id, self._of(intent)

    def refunds(self, created: Span, after: str = "") -> Iterator[Listed]:
        """The refunds that were made in this time, of all stacks, the newest first."""

        def page(api: V1Services, params: Any) -> stripe.ListObject[stripe.Refund]:
            return api.refunds.list(params)

        for each in self._listed("refunds", page, created, after):
            yield Listed(each.id, _id(each.payment_intent), each.created, is_failed(each))

    def disputes(self, created: Span, after: str = "") -> Iterator[Listed]:
        """The disputes that were opened in this time, of all stacks, the newest first."""

        def page(api: V1Services, params: Any) -> stripe.ListObject[stripe.Dispute]:
            return api.disputes.list(params)

        for each in self._listed("disputes", page, created, after):
            yield Listed(each.id, _id(each.payment_intent), each.created)

    def _of(self, intent: stripe.PaymentIntent) -> GatewayPayment | None:
        """The payment with its disputes, which are no part of the charge and are listed apart."""
        metadata = intent.metadata.to_dict() if intent.metadata else {}
        if metadata.get("stack") != self._stack:
            return None
        charge, disputes = intent.latest_charge, ()
        if isinstance(charge, stripe.Charge) and charge.disputed:
            params: stripe.params.DisputeListParams = {"payment_intent": intent.id, "limit": _PAGE}
            found = self._send("list disputes of", intent.id, lambda api: api.disputes.list(params))
            disputes = tuple(Dispute(each.id, each.amount) for each in found.data)
        return GatewayPayment(intent_of(intent), disputes, metadata.get("orderId", ""))

    def _listed(self, what: str, page: List, created: Span, after: str) -> Iterator[Any]:
        """The objects of all pages, each asked for when it is needed.

        https://docs.stripe.com/api/pagination
        """
        params: Params = {"created": {"gte": created.first, "lt": created.end}, "limit": _PAGE}
        while True:
            if after:
                params["starting_after"] = after
            found = self._send("list", what, lambda api: page(api, params))
            yield from found.data
            if not found.has_more:
                return
            after = found.data[-1].id

    def _send(self, verb: str, what: str, request: Callable[[V1Services], Answer]) -> Answer:
        """The answer, PAUSE_SECONDS after the last request at the earliest.

        Raises stripe.InvalidRequestError if what is asked for isn't there, else a fault.
        """
        time.sleep(max(0.0, self._earliest - time.monotonic()))
        self._earliest = time.monotonic() + PAUSE_SECONDS
        try:
            return StripeRequests().send(request)
        except stripe.StripeError as error:
            if error.code == "resource_missing":
                raise
            raise fault(verb, what, error) from error


def _id(expandable: Any) -> str:
    return expandable if isinstance(expandable, str) else getattr(expandable, "id", "")
