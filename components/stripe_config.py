"""The config of a stack with Stripe: the account's keys, and the secrets of its webhook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi
from pulumi.runtime import get_config, is_config_secret

from components.choices import PaymentGateway
from components.placeholders import of_read_key, of_stripe_keys, of_webhook_secret


@dataclass(frozen=True, kw_only=True)
class StripeConfig:
    """`read_key` may only read. `webhook_secrets` sign Stripe's events: the current one, and the one
    before if it is given.
    """

    secret_key: pulumi.Output[str] | None = None
    read_key: pulumi.Output[str] | None = None
    publishable_key: str = ""
    webhook_secrets: Sequence[pulumi.Output[str]] = ()


class StripeReader:
    """Reads the keys that belong to Stripe, and notes what is wrong with each.

    `is_unread` tells whether a value stands for an encrypted one, which can't be checked.
    """

    def __init__(
        self, config: pulumi.Config, gateway: PaymentGateway, is_unread: Callable[[str], bool]
    ):
        self._config = config
        self._needed = gateway == "stripe"
        self._is_unread = is_unread
        self.problems: list[str] = []
        self.placeholders: list[str] = []

    def read(self) -> StripeConfig:
        """The account's keys and secrets; none for a stack with another gateway."""
        key = self._secret("stripeSecretKey", self._needed)
        read_key = self._secret("stripeReadKey", self._needed)
        current = self._secret("stripeWebhookSecret", self._needed)
        previous = self._secret("stripeWebhookSecretPrevious", needed=False)
        publishable = self._config.get("stripePublishableKey") or ""
        if not self._needed:
            return StripeConfig()
        if not publishable.startswith("pk_") and not self._is_unread(publishable):
            # Not repeated here: it may be the secret key, pasted into the wrong place.
            self.problems.append(
                "stripePublishableKey: should be Stripe's publishable key (pk_…), "
                "which paymentGateway stripe needs"
            )
        else:
            self.placeholders += of_stripe_keys(self._seen("stripeSecretKey"), publishable)
        self.placeholders += of_read_key(self._seen("stripeReadKey"), self._seen("stripeSecretKey"))
        for each in ("stripeWebhookSecret", "stripeWebhookSecretPrevious"):
            self.placeholders += of_webhook_secret(each, self._seen(each))
        return StripeConfig(
            secret_key=key,
            read_key=read_key,
            publishable_key=publishable,
            webhook_secrets=[secret for secret in (current, previous) if secret is not None],
        )

    def _secret(self, name: str, needed: bool) -> pulumi.Output[str] | None:
        """The encrypted value; None and a problem if it is needed and missing."""
        command = f"run: pulumi config set --secret {name}"
        value = self._value(name)
        if value and not is_config_secret(self._config.full_key(name)):
            self.problems.append(f"{name}: is in plain text; {command}")
        if not value and needed:
            self.problems.append(f"{name}: paymentGateway stripe needs it; {command}")
        return self._config.get_secret(name) if value else None

    def _value(self, name: str) -> str:
        # What it is must be known now; Config.get would warn that it is a secret.
        return get_config(self._config.full_key(name)) or ""

    def _seen(self, name: str) -> str:
        """The value as far as this run can read it, else empty."""
        value = self._value(name)
        return "" if self._is_unread(value) else value
