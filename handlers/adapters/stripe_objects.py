"""Stripe's objects and errors, in the order process's terms. No request is made here."""

from dataclasses import replace

import stripe

from handlers.adapters.stripe_requests import is_busy
from handlers.domain.payment import (
    IntentStatus,
    PaymentGatewayBusy,
    PaymentGatewayRefused,
    PaymentGatewayUnavailable,
    PaymentIntent,
    Refund,
)

_STATUS = {
    "requires_confirmation": IntentStatus.CREATED,
    "requires_payment_method": IntentStatus.DECLINED,
    "requires_action": IntentStatus.AWAITING_CUSTOMER,
    "processing": IntentStatus.PROCESSING,
    "requires_capture": IntentStatus.HELD,
    "succeeded": IntentStatus.CAPTURED,
    "canceled": IntentStatus.CANCELLED,
}
"""Stripe's statuses, of intents that capture by hand and are made with a payment method.

https://docs.stripe.com/payments/paymentintents/lifecycle"""

_PERMANENT = (
    stripe.InvalidRequestError,
    stripe.IdempotencyError,
    stripe.AuthenticationError,
    stripe.PermissionError,
)
"""Errors of the request itself, which sending it again doesn't mend."""


def intent_of(intent: stripe.PaymentIntent) -> PaymentIntent:
    """Stripe's object, its latest charge's refunds expanded, in the order process's terms.

    Since API version 2025-03-31 a cancelled authorisation counts as nothing refunded.
    """
    charge = intent.latest_charge
    charged = isinstance(charge, stripe.Charge)
    error = intent.last_payment_error
    return PaymentIntent(
        id=intent.id,
        status=_STATUS[intent.status],
        amount=intent.amount,
        currency=intent.currency.upper(),
        amount_received=intent.amount_received,
        authorized=charged and charge.paid,
        decline_code=_code(error) if error else None,
        refunds=_refunds(charge) if charged else (),
        client_secret=intent.client_secret or "",
    )


def _refunds(charge: stripe.Charge) -> tuple[Refund, ...]:
    """Return each refund; `amount_refunded` doesn't say which ones failed.

    https://docs.stripe.com/api/refunds/object#refund_object-status
    """
    found = charge.refunds.auto_paging_iter() if charge.refunds else ()
    return tuple(Refund(each.id, each.amount, failed=is_failed(each)) for each in found)


def is_failed(refund: stripe.Refund) -> bool:
    """Whether the refund gives nothing back; a pending one will, unless it fails later."""
    return refund.status not in ("pending", "succeeded")


def _code(error: stripe.PaymentIntent.LastPaymentError | stripe.ErrorObject | None) -> str:
    """The bank's own word where it gave one: `insufficient_funds` rather than `card_declined`."""
    for name in ("decline_code", "code"):
        code = getattr(error, name, None)
        if code:
            return code
    return "card_declined"


def method_refusal(error: stripe.StripeError) -> str | None:
    """Return why this payment method can't be used; None for any other error.

    The refusal of a one-use method used before has neither code nor param, only its message. A
    method that Stripe doesn't know is no refusal: the browser made it with a key of another
    account or mode, which is the shop's fault.
    """
    if isinstance(error, stripe.CardError):
        return _code(error.error)
    if isinstance(error, stripe.InvalidRequestError) and error.code != "resource_missing":
        about_method = "PaymentMethod" in (error.user_message or "")
        param: object = error.param  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if param == "payment_method" or about_method:
            return error.code or "payment_method_unusable"
    return None


def declined(intent: PaymentIntent, code: str) -> PaymentIntent:
    """Return a copy of the intent that is marked as declined."""
    return replace(intent, status=IntentStatus.DECLINED, decline_code=code)


def fault(verb: str, what: str, error: stripe.StripeError) -> PaymentGatewayUnavailable:
    """Return the fault that names the request and Stripe's class of error; never a header, a body or a key."""
    kind = PaymentGatewayUnavailable
    if is_busy(error):
        kind = PaymentGatewayBusy
    elif isinstance(error, _PERMANENT):
        kind = PaymentGatewayRefused
    status = f"HTTP {error.http_status}" if error.http_status else "no answer"
    detail = [type(error).__name__, status, error.code, error.request_id]
    return kind(f"{verb} {what}: {', '.join(filter(None, detail))}")
