"""How a customer is sent to the bank's page and back. https://docs.stripe.com/payments/3d-secure"""

from dataclasses import dataclass
from typing import Any

from handlers.sandbox.api_error import ApiError

# Stripe's answer, word for word: without `code` and `param`.
_NO_RETURN_URL = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because "
    "some of these payment methods might redirect your customer off of your page, you must provide "
    "a `return_url`. If you don't want to accept redirect-based payment methods, set "
    "`automatic_payment_methods[enabled]` to `true` and "
    "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
    "Payment Intents."
)


@dataclass(frozen=True)
class Confirmation:
    """The bank's page is `bank_url`, the shop's is `return_url`.

    `use_stripe_sdk`: "Set to `true` when confirming server-side and using Stripe.js, iOS, or Android
    client-side SDKs to handle the next actions."
    https://docs.stripe.com/api/payment_intents/confirm
    """

    bank_url: str
    return_url: str | None
    use_stripe_sdk: bool

    def check(self, intent: dict[str, Any]) -> None:
        """Raises ApiError if the intent's payment methods may redirect and there is no way back.

        "When confirming a PaymentIntent, you're now required to provide a `return_url`, unless
        `off_session=true`. […] You can bypass the `return_url` requirement using
        `automatic_payment_methods[allow_redirects]=never`": that is so whichever method is charged.
        https://docs.stripe.com/changelog/2023-08-16/automatic-payment-methods
        Whether `allowed_payment_method_types` of cards alone lifts it isn't documented; here it doesn't.
        """
        automatic = intent.get("automatic_payment_methods")
        redirects = automatic is not None and automatic["allow_redirects"] == "always"
        if redirects and not self.return_url:
            raise ApiError(400, _NO_RETURN_URL, payment_intent=intent)

    def next_action(self) -> dict[str, Any]:
        """What the customer's browser has to do. Without a way back there is no redirect.

        The members of `use_stripe_sdk` are Stripe.js's own and documented nowhere.
        """
        if self.use_stripe_sdk or not self.return_url:
            details = {"type": "three_d_secure_redirect", "stripe_js": self.bank_url}
            return {"type": "use_stripe_sdk", "use_stripe_sdk": details}
        redirect = {"url": self.bank_url, "return_url": self.return_url}
        return {"type": "redirect_to_url", "redirect_to_url": redirect}
