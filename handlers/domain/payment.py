"""A payment as the order process sees it: one intent per order, and what a gateway does with it.

Amounts are integers in minor units. Nothing here knows how the gateway is reached.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class IntentStatus(StrEnum):
    """Where an intent stands. CAPTURED and CANCELLED are terminal."""

    CREATED = "CREATED"
    DECLINED = "DECLINED"
    AWAITING_CUSTOMER = "AWAITING_CUSTOMER"
    PROCESSING = "PROCESSING"
    HELD = "HELD"
    CAPTURED = "CAPTURED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Refund:
    """One refund of a payment; `amount` in minor units. One that `failed` gave nothing back."""

    id: str
    amount: int
    failed: bool = False


@dataclass(frozen=True)
class Dispute:
    """A bank takes a charge back, or asks about it; `amount` in minor units."""

    id: str
    amount: int


@dataclass(frozen=True)
class PaymentIntent:
    """What the gateway says about one payment, amounts in minor units of `currency` (ISO 4217).

    `authorized`: a successful charge exists, so the money was held at some time.
    `amount_received`: what was captured; `refunds`: those of it, newest first.
    `decline_code`: why the last attempt was declined, as the gateway words it.
    `client_secret`: with it the customer's browser lets the customer approve this payment.
    """

    id: str
    status: IntentStatus
    amount: int
    currency: str
    amount_received: int
    authorized: bool
    decline_code: str | None
    refunds: tuple[Refund, ...]
    client_secret: str = field(default="", repr=False)

    @property
    def refunded(self) -> int:
        """What was given back."""
        return sum(refund.amount for refund in self.refunds if not refund.failed)

    @property
    def kept(self) -> int:
        """What the shop still has of the customer's money."""
        return self.amount_received - self.refunded

    @property
    def held(self) -> int:
        """What is held on the card and not charged."""
        return self.amount if self.status is IntentStatus.HELD else 0


class PaymentGatewayUnavailable(Exception):
    """The gateway failed, and how the payment stands is unknown: a technical fault."""


class PaymentGatewayBusy(PaymentGatewayUnavailable):
    """The gateway asked to wait, and the function has no time left to. No fault of the order."""


class PaymentGatewayRefused(PaymentGatewayUnavailable):
    """The gateway refuses the request itself, as for a wrong key. Repeating it changes nothing."""


class PaymentGateway(Protocol):
    """What the order process needs of a payment service; `intent_id` is an intent's `id`.

    A refusal by the customer's bank is a value. Every method can be repeated: it has one effect,
    and returns the intent as it stands now. Each raises PaymentGatewayUnavailable when neither its
    request nor a look-up after it says how the payment stands.
    """

    def create(
        self, order_id: str, amount: int, currency: str, payment_method: str
    ) -> PaymentIntent:
        """Make the order's intent, CREATED or DECLINED. `amount` in minor units of `currency`."""
        ...

    def confirm(self, order_id: str, intent_id: str, return_url: str) -> PaymentIntent:
        """Ask the bank to hold the money: HELD, DECLINED or AWAITING_CUSTOMER.

        A customer whose bank sends them away comes back to `return_url`.
        """
        ...

    def retrieve(self, intent_id: str) -> PaymentIntent:
        """Look the intent up."""
        ...

    def capture(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Charge all that is held: CAPTURED, or CANCELLED if the hold had ended."""
        ...

    def release(self, order_id: str, intent_id: str) -> PaymentIntent:
        """Cancel the intent, or refund it in full if it was captured."""
        ...
