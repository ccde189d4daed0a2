"""Payments at Stripe, or at anything that speaks its HTTP contract: one intent per order.

Each step has an idempotency key of its own, made from the order's id. Safety doesn't rest on the
keys: an intent authorises at most once, is captured at most once and stays dead once cancelled.
So after any error, conflict or time-out the intent is looked up, and its status decides.
"""

from collections.abc import Callable, Mapping
from typing import Any

import stripe
from stripe._v1_services import V1Services

from handlers.adapters.stripe_objects import declined, fault, intent_of, method_refusal
from handlers.adapters.stripe_requests import Options, StripeRequests
from handlers.domain.payment import IntentStatus, PaymentIntent
from handlers.runtime.settings import PaymentSettings, load

_EXPAND: list[str] = ["latest_charge.refunds"]
_LOOK_UP: Options = {"max_network_retries": 1}

Send = Callable[[V1Services, Options], stripe.PaymentIntent]


class StripeGateway:
    """The payment gateway of one stack, as its environment names it.

    A refusal by the customer's bank is a value. Every method raises PaymentGatewayUnavailable
    when neither its request nor the look-up after it says how the payment stands: as
    PaymentGatewayBusy if the gateway asks to wait longer than a function can, and as
    PaymentGatewayRefused if it refuses the request itself.
    """

    def __init__(self) -> None:
        self._stack = load(PaymentSettings).stack_name
        self._requests = StripeRequests()

    def create(
        self, order_id: str, amount: int, currency: str, payment_method: str
    ) -> PaymentIntent:
        """The order's intent, unconfirmed. `amount` in minor units, `currency` ISO 4217.

        A payment method that was used before is a decline: the intent is then made without one, so
        that the order has something to show and to cancel.
        """
        bare: stripe.params.PaymentIntentCreateParams = {
            "amount": amount,
            "currency": currency.lower(),
            "capture_method": "manual",
            "allowed_payment_method_types": ["card"],
            "metadata": {"orderId": order_id, "stack": self._stack},
            "expand": _EXPAND,
        }
        paid: stripe.params.PaymentIntentCreateParams = {**bare, "payment_method": payment_method}

        def create(key: str, params: stripe.params.PaymentIntentCreateParams) -> PaymentIntent:
            return self._change(
                key, params, lambda api, options: api.payment_intents.create(params, options)
            )

        try:
            return create(f"{order_id}:create", paid)
        except stripe.StripeError as error:
            code = method_refusal(error)
            if code is None:
                raise fault("create", f"for order {order_id}", error) from error
        try:
            return declined(create(f"{order_id}:create-declined", bare), code)
        except stripe.StripeError as error:
            raise fault("create", f"for order {order_id}", error) from error

    def confirm(self, order_id: str, intent_id: str, return_url: str) -> PaymentIntent:
        """Ask the bank to hold the money. Held, declined (`decline_code`), customer must act.

        The storefront finishes what the customer must do with Stripe.js, which the SDK documents so
        for `use_stripe_sdk`: "Set to `true` when confirming server-side and using Stripe.js, iOS, or
        Android client-side SDKs to handle the next actions." A `return_url` is required all the same
        since API version 2023-08-16:
        https://docs.stripe.com/changelog/2023-08-16/automatic-payment-methods
        """
        params: stripe.params.PaymentIntentConfirmParams = {
            "return_url": return_url,
            "use_stripe_sdk": True,
            "expand": _EXPAND,
        }
        try:
            return self._change(
                f"{order_id}:confirm",
                params,
                lambda api, options: api.payment_intents.confirm(intent_id, params, options),
            )
        except stripe.StripeError as error:
            intent = self.retrieve(intent_id)
            match intent.status:
                case IntentStatus.DECLINED:
                    return declined(intent, intent.decline_code or "payment_method_missing")
                case IntentStatus.CREATED | IntentStatus.PROCESSING:
                    code = method_refusal(error)
                    if code is None:
                        raise fault("confirm", intent_id, error) from error
                    return declined(intent, code)
                case _:
                    return intent

    def retrieve(self, intent_id: str) -> PaymentIntent:
        """The intent as it stands now."""

        def look_up(api: V1Services) -> stripe.PaymentIntent:
            return api.payment_intents.retrieve(intent_id, {"expand": _EXPAND}, _LOOK_UP)

        try:
            return intent_of(self._requests.send(look_up))
        except stripe.StripeError as error:
            raise fault("retrieve", intent_id, error) from error

    def capture(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Charge all that is held. CANCELLED: the authorisation had ended, nothing is charged."""
        params: stripe.params.PaymentIntentCaptureParams = {"expand": _EXPAND}
        try:
            return self._change(
                f"{order_id}:capture",
                params,
                lambda api, options: api.payment_intents.capture(intent_id, params, options),
            )
        except stripe.StripeError as error:
            intent = self.retrieve(intent_id)
            if intent.status not in (IntentStatus.CAPTURED, IntentStatus.CANCELLED):
                raise fault("capture", intent_id, error) from error
            return intent

    def release(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Nothing is held or kept afterwards: cancelled, or refunded in full if it was captured."""
        params: stripe.params.PaymentIntentCancelParams = {"expand": _EXPAND}
        try:
            return self._change(
                f"{order_id}:cancel",
                params,
                lambda api, options: api.payment_intents.cancel(intent_id, params, options),
            )
        except stripe.StripeError as error:
            intent = self.retrieve(intent_id)
            match intent.status:
                case IntentStatus.CANCELLED:
                    return intent
                case IntentStatus.CAPTURED:
                    return self._refund(order_id, intent)
                case _:
                    raise fault("cancel", intent_id, error) from error

    def _refund(self, order_id: str, intent: PaymentIntent) -> PaymentIntent:
        """Give back all that is kept of a captured intent: Stripe's default amount is what remains.

        The key has the number of refunds that there are, so that what was asked for twice is done
        once, and what a failed refund left is given back by another.
        """
        if not intent.kept:
            return intent
        params: stripe.params.RefundCreateParams = {"payment_intent": intent.id}
        try:
            self._requests.change(
                f"{order_id}:refund:{len(intent.refunds)}",
                params,
                lambda api, options: api.refunds.create(params, options),
            )
        except stripe.StripeError as error:
            refunded = self.retrieve(intent.id)
            if refunded.kept:
                raise fault("refund", intent.id, error) from error
            return refunded
        return self.retrieve(intent.id)

    def _change(self, key: str, params: Mapping[str, Any], send: Send) -> PaymentIntent:
        """One step under its key. A replayed answer tells what was, so the intent is looked up."""
        intent = self._requests.change(key, params, send)
        response = intent.last_response
        if response is not None and response.headers.get("idempotent-replayed") == "true":
            return self.retrieve(intent.id)
        return intent_of(intent)
