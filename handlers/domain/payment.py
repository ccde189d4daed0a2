"""A payment as the order process sees it: one intent of the gateway, in the gateway's words.

Amounts are integers in minor units. Nothing here knows how the gateway is reached.
"""

from dataclasses import dataclass
from enum import StrEnum


class IntentStatus(StrEnum):
    """The life of an intent. https://docs.stripe.com/payments/paymentintents/lifecycle"""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True)
class PaymentIntent:
    """What the gateway says about one payment, amounts in minor units of `currency` (ISO 4217).

    `authorized`: a successful charge exists, so the money was held at some time.
    `amount_received`: what was captured; `refunded`: how much of that was given back.
    `decline_code`: why the last attempt was declined, as the gateway words it.
    """

    id: str
    status: IntentStatus
    amount: int
    currency: str
    amount_received: int
    authorized: bool
    decline_code: str | None
    refunded: int

    @property
    def kept(self) -> int:
        """What the shop still has of the customer's money."""
        return self.amount_received - self.refunded


class PaymentGatewayUnavailable(Exception):
    """A technical fault: the gateway could not be made to do it, nor to say that it is done."""
