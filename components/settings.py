"""What a stack is told by its config. The only reader of `pulumi.Config`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pulumi
from pulumi.runtime import get_config, is_dry_run

_LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827)
"""What CloudWatch Logs accepts, up to five years:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

_ORIGIN = "https://… without a path, or empty"

_ADDRESS = "an e-mail address, or empty"

_UNREAD = "[secret]"
"""What a preview without the passphrase has in place of an encrypted value, which it can't check."""


class SettingsError(pulumi.RunError):
    """The stack's config is wrong; the message names every key and what it should be."""


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """One stack's settings, all checked. `Pulumi.yaml` describes each key."""

    stack: str
    workflow_type: str
    payment_gateway: str
    stripe_secret_key: pulumi.Output[str] | None
    stripe_publishable_key: str
    currency: str
    sender_email: str
    sender_identity: str
    operations_email: str
    storefront_url: str
    domain_name: str
    hosted_zone_id: str
    sign_in_url: str
    require_cloudfront: bool
    waf_enabled: bool
    seed_catalogue: bool
    max_attempts: int
    api_rate_limit: int
    log_retention_days: int
    receipt_retention_days: int
    protect_data: bool
    bundle_platform: str

    @classmethod
    def from_config(cls) -> "StackSettings":
        """Read and check the stack's config. Raises SettingsError with every problem at once."""
        read = _Reader(pulumi.Config())
        gateway = read.choice("paymentGateway", ("sandbox", "stripe"))
        settings = cls(
            stack=pulumi.get_stack(),
            workflow_type=read.choice("workflowType", ("EXPRESS", "STANDARD")),
            payment_gateway=gateway,
            stripe_secret_key=read.stripe_key(gateway),
            stripe_publishable_key=read.stripe_publishable_key(gateway),
            currency=read.text("currency", _is_currency, "three capitals"),
            sender_email=read.text("senderEmail", _is_address, _ADDRESS),
            sender_identity=read.choice("senderIdentity", ("create", "existing")),
            operations_email=read.text("operationsEmail", _is_address, _ADDRESS),
            storefront_url=read.text("storefrontUrl", _is_origin, _ORIGIN),
            domain_name=read.text("domainName", _is_domain, "a domain such as shop.example.com"),
            hosted_zone_id=read.text("hostedZoneId", _is_zone, "a zone's id (Z…), or empty"),
            sign_in_url=read.text("signInUrl", _is_origin, _ORIGIN),
            require_cloudfront=read.flag("requireCloudFront"),
            waf_enabled=read.flag("wafEnabled"),
            seed_catalogue=read.flag("seedCatalogue"),
            max_attempts=read.number("maxAttempts", 1, 20),
            api_rate_limit=read.number("apiRateLimit", 1, 10_000),
            log_retention_days=read.number("logRetentionDays", 1, 1827, _LOG_RETENTION_DAYS),
            receipt_retention_days=read.number("receiptRetentionDays", 1, 36_500),
            protect_data=read.flag("protectData"),
            bundle_platform=read.choice("bundlePlatform", ("lambda", "host")),
        )
        read.both_or_neither("domainName", "hostedZoneId")
        read.stack_name(settings.stack)
        if read.problems:
            raise SettingsError("\n  ".join([f"config of stack {settings.stack}:", *read.problems]))
        if not settings.sender_email:
            pulumi.log.warn(
                f"stack {settings.stack} sends no mail to customers, because senderEmail is empty; "
                "run: pulumi config set senderEmail orders@your.shop"
            )
        return settings


class _Reader:
    """Reads keys and notes what is wrong with each, so that all of it is told at once."""

    def __init__(self, config: pulumi.Config):
        self._config = config
        self.problems: list[str] = []

    def text(self, key: str, valid: Callable[[str], bool], wanted: str) -> str:
        value = self._config.get(key) or ""
        if not valid(value) and not _is_unread(value):
            self._wrong(key, wanted, value)
        return value

    def choice(self, key: str, options: tuple[str, ...]) -> str:
        value = self._config.get(key) or ""
        if value not in options:
            self._wrong(key, " or ".join(options), value)
        return value

    def flag(self, key: str) -> bool:
        return self.choice(key, ("true", "false")) == "true"

    def number(self, key: str, low: int, high: int, allowed: tuple[int, ...] = ()) -> int:
        value = self._config.get(key) or ""
        number = int(value) if value.isdecimal() else -1
        if not low <= number <= high:
            self._wrong(key, f"a whole number from {low} to {high}", value)
        elif allowed and number not in allowed:
            self._wrong(key, f"one of {', '.join(map(str, allowed))}", value)
        return number

    def stripe_key(self, gateway: str) -> pulumi.Output[str] | None:
        key = self._config.get_secret("stripeSecretKey")
        # Whether there is a key must be known now; Config.get would warn that it is a secret.
        given = bool(get_config(self._config.full_key("stripeSecretKey")))
        if gateway == "stripe" and not given:
            self.problems.append(
                "stripeSecretKey: paymentGateway stripe needs it; "
                "run: pulumi config set --secret stripeSecretKey sk_…"
            )
        return key if gateway == "stripe" else None

    def stripe_publishable_key(self, gateway: str) -> str:
        """Public; the browser needs it where Stripe takes the money, and there alone."""
        key = self._config.get("stripePublishableKey") or ""
        if gateway != "stripe":
            return ""
        if not key.startswith("pk_") and not _is_unread(key):
            # Not repeated here: it may be the secret key, pasted into the wrong place.
            self.problems.append(
                "stripePublishableKey: should be Stripe's publishable key (pk_…), "
                "which paymentGateway stripe needs"
            )
        return key

    def both_or_neither(self, *keys: str) -> None:
        given = [key for key in keys if self._config.get(key)]
        missing = [key for key in keys if key not in given]
        if given and missing:
            self.problems.append(f"{missing[0]}: {given[0]} needs it; set both or neither")

    def stack_name(self, name: str) -> None:
        """It is in every resource's name: buckets', roles' and the login's domain are the strictest.

        https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
        """
        reserved = any(word in name for word in ("aws", "amazon", "cognito"))
        if reserved or not re.fullmatch(r"[a-z][a-z0-9-]{0,11}", name):
            self._wrong(
                "the stack's name",
                "1 to 12 small letters, digits and hyphens, without aws, amazon and cognito",
                name,
            )

    def _wrong(self, key: str, wanted: str, value: str) -> None:
        self.problems.append(f"{key}: should be {wanted}, is {value!r}")


def _is_unread(value: str) -> bool:
    return value == _UNREAD and is_dry_run()


def _is_address(value: str) -> bool:
    """An e-mail address, or nothing."""
    name, at, domain = value.partition("@")
    given = bool(name and at and "." in domain) and not any(each.isspace() for each in value)
    return given or not value


def _is_currency(value: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{3}", value))


def _is_domain(value: str) -> bool:
    """A host name in lower case, or nothing."""
    return not value or bool(re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", value))


def _is_zone(value: str) -> bool:
    return not value or bool(re.fullmatch(r"Z[A-Z0-9]+", value))


def _is_origin(value: str) -> bool:
    """Scheme and host, perhaps a port, or nothing. Without TLS only on this machine."""
    return not value or bool(
        re.fullmatch(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d+)?", value)
    )
