"""What a stack is told by its config. With `stripe_config`, the only reader of `pulumi.Config`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, get_args

import pulumi
from pulumi.runtime import is_dry_run

from components.choices import (
    BundlePlatform,
    PaymentGateway,
    PlatformLogLevel,
    ScheduleState,
    SenderIdentity,
    WorkflowType,
)
from components.config_values import (
    CURRENCIES,
    is_address,
    is_currency,
    is_domain,
    is_origin,
    is_zone,
)
from components.placeholders import of_sandbox, of_text
from components.stripe_config import StripeConfig, StripeReader

_LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827)
"""What CloudWatch Logs accepts, up to five years:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

_ORIGIN = "https://… without a path, or empty"

_ADDRESS = "an e-mail address in ASCII, or empty"

_UNREAD = "[secret]"
"""What a preview without the passphrase has in place of an encrypted value, which it can't check."""


Option = TypeVar("Option", bound=str)


class SettingsError(pulumi.RunError):
    """The stack's config is wrong; the message names every key and what it should be."""


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """One stack's settings, all checked. `Pulumi.yaml` describes each key."""

    stack: str
    workflow_type: WorkflowType
    payment_gateway: PaymentGateway
    stripe: StripeConfig
    currency: str
    sender_email: str
    sender_identity: SenderIdentity
    operations_email: str
    storefront_url: str
    domain_name: str
    hosted_zone_id: str
    sign_in_url: str
    require_cloudfront: bool
    waf_enabled: bool
    seed_catalogue: bool
    max_attempts: int
    order_max_age_minutes: int
    orders_per_customer: int
    attention_after_minutes: int
    reconciler_schedule: ScheduleState
    payment_concurrency: int
    api_rate_limit: int
    log_retention_days: int
    platform_log_level: PlatformLogLevel
    tracing: bool
    receipt_retention_days: int
    protect_data: bool
    bundle_platform: BundlePlatform

    @classmethod
    def from_config(cls) -> "StackSettings":
        """Read and check the stack's config. Raises SettingsError with every problem at once."""
        read = _Reader(pulumi.Config())
        gateway: PaymentGateway = read.choice("paymentGateway", get_args(PaymentGateway))
        settings = cls(
            stack=pulumi.get_stack(),
            stripe=read.stripe(gateway),
            workflow_type=read.choice("workflowType", get_args(WorkflowType)),
            payment_gateway=gateway,
            currency=read.text("currency", is_currency, f"one of {', '.join(CURRENCIES)}"),
            sender_email=read.text("senderEmail", is_address, _ADDRESS),
            sender_identity=read.choice("senderIdentity", get_args(SenderIdentity)),
            operations_email=read.text("operationsEmail", is_address, _ADDRESS),
            storefront_url=read.text("storefrontUrl", is_origin, _ORIGIN),
            domain_name=read.text("domainName", is_domain, "a domain such as shop.example.com"),
            hosted_zone_id=read.text("hostedZoneId", is_zone, "a zone's id (Z…), or empty"),
            sign_in_url=read.text("signInUrl", is_origin, _ORIGIN),
            require_cloudfront=read.flag("requireCloudFront"),
            waf_enabled=read.flag("wafEnabled"),
            seed_catalogue=read.flag("seedCatalogue"),
            max_attempts=read.number("maxAttempts", 1, 20),
            order_max_age_minutes=read.number("orderMaxAgeMinutes", 5, 1440),
            orders_per_customer=read.number("ordersPerCustomer", 1, 1000),
            attention_after_minutes=read.number("attentionAfterMinutes", 5, 1440),
            reconciler_schedule=read.choice("reconcilerSchedule", get_args(ScheduleState)),
            payment_concurrency=read.number("paymentConcurrency", 0, 10_000),
            api_rate_limit=read.number("apiRateLimit", 1, 10_000),
            log_retention_days=read.number("logRetentionDays", 1, 1827, _LOG_RETENTION_DAYS),
            platform_log_level=read.choice("platformLogLevel", get_args(PlatformLogLevel)),
            tracing=read.flag("tracing"),
            receipt_retention_days=read.number("receiptRetentionDays", 1, 36_500),
            protect_data=read.flag("protectData"),
            bundle_platform=read.choice("bundlePlatform", get_args(BundlePlatform)),
        )
        read.together(settings)
        read.report(settings)
        return settings


class _Reader:
    """Reads keys and notes what is wrong with each, so that all of it is told at once."""

    def __init__(self, config: pulumi.Config):
        self._config = config
        self.problems: list[str] = []
        self.placeholders: list[str] = []

    def together(self, settings: StackSettings) -> None:
        """Note what is wrong with the stack's name, and with settings that don't go together."""
        self.both_or_neither("domainName", "hostedZoneId")
        self.stack_name(settings.stack)
        self.sandbox(settings.protect_data, settings.domain_name)

    def report(self, settings: StackSettings) -> None:
        """Raise SettingsError with all problems. A placeholder is one in an update; a preview warns."""
        stack = settings.stack
        if is_dry_run() and self.placeholders:
            first = f"config of stack {stack} has placeholders, which an update refuses:"
            pulumi.log.warn("\n  ".join([first, *self.placeholders]))
        problems = self.problems + ([] if is_dry_run() else self.placeholders)
        if problems:
            raise SettingsError("\n  ".join([f"config of stack {stack}:", *problems]))
        if not settings.sender_email:
            pulumi.log.warn(
                f"stack {stack} sends no mail to customers, because senderEmail is empty; "
                "run: pulumi config set senderEmail orders@your.shop"
            )

    def text(self, key: str, valid: Callable[[str], bool], wanted: str) -> str:
        value = self._config.get(key) or ""
        if not valid(value) and not _is_unread(value):
            self._wrong(key, wanted, value)
        self.placeholders += of_text(key, value)
        return value

    def choice(self, key: str, options: tuple[Option, ...]) -> Option:
        """One of the options. The first stands in for anything else, which `report` raises for."""
        value = self._config.get(key) or ""
        for option in options:
            if option == value:
                return option
        self._wrong(key, " or ".join(options), value)
        return options[0]

    def flag(self, key: str) -> bool:
        value = self._config.get(key) or ""
        if value not in ("true", "false"):
            self._wrong(key, "true or false", value)
        return value == "true"

    def number(self, key: str, low: int, high: int, allowed: tuple[int, ...] = ()) -> int:
        value = self._config.get(key) or ""
        number = int(value) if value.isdecimal() else -1
        if not low <= number <= high:
            self._wrong(key, f"a whole number from {low} to {high}", value)
        elif allowed and number not in allowed:
            self._wrong(key, f"one of {', '.join(map(str, allowed))}", value)
        return number

    def stripe(self, gateway: PaymentGateway) -> StripeConfig:
        """The account's keys and secrets, where Stripe takes the money; else none."""
        found = StripeReader(self._config, gateway, _is_unread)
        stripe = found.read()
        self.problems += found.problems
        self.placeholders += found.placeholders
        return stripe

    def sandbox(self, protect_data: bool, domain_name: str) -> None:
        """Note what says that a stack with the sandbox is for real customers."""
        if self._config.get("paymentGateway") == "sandbox":
            self.placeholders += of_sandbox(protect_data, domain_name)

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
        if reserved or not re.fullmatch(r"[a-z][a-z0-9-]{0,10}", name):
            self._wrong(
                "the stack's name",
                "1 to 11 small letters, digits and hyphens, without aws, amazon and cognito",
                name,
            )

    def _wrong(self, key: str, wanted: str, value: str) -> None:
        self.problems.append(f"{key}: should be {wanted}, is {value!r}")


def _is_unread(value: str) -> bool:
    return value == _UNREAD and is_dry_run()
