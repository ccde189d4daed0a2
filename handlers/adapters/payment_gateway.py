"""The payment gateway of the stack. Another gateway is another adapter, and is chosen here."""

from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.payment import PaymentGateway


def gateway() -> PaymentGateway:
    """Return Stripe, or what speaks its HTTP contract at the address in the environment."""
    return StripeGateway()
