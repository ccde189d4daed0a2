"""Payments at Stripe, or at anything that speaks its HTTP contract: one intent per order.

Each step has an idempotency key of its own, made from the order's id. Safety doesn't rest on the
keys: an intent authorises at most once, is captured at most once and stays dead once cancelled.
So after any error, conflict or time-out the intent is looked up, and its status decides.
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import stripe

from handlers.adapters.payment_secret import payment_secret
from handlers.adapters.stripe_objects import declined, intent_of, method_refusal, unavailable
from handlers.domain.payment import IntentStatus, PaymentIntent
from handlers.runtime.settings import PaymentSettings, load

# Telemetry would write a file and describe this machine in every request; the SDK's own log has
# two lines for each request.
stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.WARNING)

_TIMEOUT_SECONDS = 5
_RETRIES = 4  # the SDK's own, with backoff: network faults, 409, 5xx
_LOOK_UP_RETRIES = 1
_EXPAND: list[str] = ["latest_charge.refunds"]

Answer = TypeVar("Answer", stripe.PaymentIntent, stripe.Refund)


class StripeGateway:
    """The payment gateway of one stack, as its environment names it.

    A refusal by the customer's bank is a value. Every method raises PaymentGatewayUnavailable
    when neither its request nor the look-up after it says how the payment stands.
    """

    def __init__(self) -> None:
        settings = load(PaymentSettings)
        key = payment_secret(settings.payment_secret_arn)
        self._api = _client(key, settings.payment_api_url.rstrip("/")).v1

    def create(
        self, order_id: str, amount: int, currency: str, payment_method: str
    ) -> PaymentIntent:
        """The order's intent, unconfirmed. `amount` in minor units, `currency` ISO 4217.

        A payment method that the gateway doesn't take (unknown, used before) is a decline: the
        intent is then made without one, so that the order has something to show and to cancel.
        """
        params: stripe.params.PaymentIntentCreateParams = {
            "amount": amount,
            "currency": currency.lower(),
            "capture_method": "manual",
            "allowed_payment_method_types": ["card"],
            "metadata": {"orderId": order_id},
            "expand": _EXPAND,
        }
        paid: stripe.params.PaymentIntentCreateParams = {
            **params,
            "payment_method": payment_method,
        }
        create = self._api.payment_intents.create
        try:
            return self._perform(f"{order_id}:create", lambda options: create(paid, options))
        except stripe.StripeError as error:
            code = method_refusal(error)
            if code is None:
                raise unavailable("create", f"for order {order_id}", error) from error
        try:
            bare = self._perform(
                f"{order_id}:create-declined", lambda options: create(params, options)
            )
        except stripe.StripeError as error:
            raise unavailable("create", f"for order {order_id}", error) from error
        return declined(bare, code)

    def confirm(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Ask the bank to hold the money. Held, declined (`decline_code`), customer must act."""
        confirm = self._api.payment_intents.confirm
        try:
            return self._perform(
                f"{order_id}:confirm",
                lambda options: confirm(intent_id, {"expand": _EXPAND}, options),
            )
        except stripe.StripeError as error:
            intent = self.retrieve(intent_id)
            match intent.status:
                case IntentStatus.DECLINED:
                    return declined(intent, intent.decline_code or "payment_method_missing")
                case IntentStatus.CREATED | IntentStatus.PROCESSING:
                    code = method_refusal(error)
                    if code is None:
                        raise unavailable("confirm", intent_id, error) from error
                    return declined(intent, code)
                case _:
                    return intent

    def retrieve(self, intent_id: str) -> PaymentIntent:
        """The intent as it stands now."""
        options: stripe.RequestOptions = {"max_network_retries": _LOOK_UP_RETRIES}
        try:
            return intent_of(
                self._api.payment_intents.retrieve(intent_id, {"expand": _EXPAND}, options)
            )
        except stripe.StripeError as error:
            raise unavailable("retrieve", intent_id, error) from error

    def capture(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Charge all that is held. CANCELLED: the authorisation had ended, nothing is charged."""
        capture = self._api.payment_intents.capture
        try:
            return self._perform(
                f"{order_id}:capture",
                lambda options: capture(intent_id, {"expand": _EXPAND}, options),
            )
        except stripe.StripeError as error:
            intent = self.retrieve(intent_id)
            if intent.status not in (IntentStatus.CAPTURED, IntentStatus.CANCELLED):
                raise unavailable("capture", intent_id, error) from error
            return intent

    def release(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Nothing is held or kept afterwards: cancelled, or refunded in full if it was captured."""
        cancel = self._api.payment_intents.cancel
        try:
            return self._perform(
                f"{order_id}:cancel",
                lambda options: cancel(intent_id, {"expand": _EXPAND}, options),
            )
        except stripe.StripeError as error:
            intent = self.retrieve(intent_id)
            match intent.status:
                case IntentStatus.CANCELLED:
                    return intent
                case IntentStatus.CAPTURED:
                    return self._refund(order_id, intent_id)
                case _:
                    raise unavailable("cancel", intent_id, error) from error

    def _refund(self, order_id: str, intent_id: str) -> PaymentIntent:
        """All that is kept of a captured intent: Stripe's default amount is what remains."""
        refund = self._api.refunds.create

        def send(options: stripe.RequestOptions) -> stripe.Refund:
            return refund({"payment_intent": intent_id}, options)

        try:
            _send(f"{order_id}:refund", send)
        except stripe.StripeError as error:
            refunded = self.retrieve(intent_id)
            if refunded.kept:
                raise unavailable("refund", intent_id, error) from error
            return refunded
        return self.retrieve(intent_id)

    def _perform(
        self, key: str, send: Callable[[stripe.RequestOptions], stripe.PaymentIntent]
    ) -> PaymentIntent:
        """One step under its key. A replayed answer tells what was, so the intent is looked up."""
        intent = _send(key, send)
        response = intent.last_response
        if response is not None and response.headers.get("idempotent-replayed") == "true":
            return self.retrieve(intent.id)
        return intent_of(intent)


@cache
def _client(key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url} if url else {},
        max_network_retries=_RETRIES,
        http_client=stripe.RequestsClient(timeout=_TIMEOUT_SECONDS),
    )


def _send(key: str, send: Callable[[stripe.RequestOptions], Answer]) -> Answer:
    """One request under its key, or under a fresh one where the key only replays a 5xx.

    Stripe replays a stored 5xx for a day; the intent's own rules make a second attempt safe, and
    the new key comes from the failed request, so that overlapping runs use the same one.
    https://docs.stripe.com/error-low-level#idempotency
    """
    try:
        return send({"idempotency_key": key})
    except stripe.StripeError as error:
        headers = error.headers or {}
        failed = headers.get("original-request")
        stored = headers.get("idempotent-replayed") == "true"
        if not stored or not failed or (error.http_status or 0) < 500:
            raise
        return send({"idempotency_key": f"{key}:{failed}"})
