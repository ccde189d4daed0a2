"""What a function is told by its environment: one frozen dataclass per collaborator.

A field's name in upper case is the variable's name, so the grants in `components/` that set the
variables and the code that reads them cannot drift apart (a test compares them). Settings are
read when they are needed, never at import, so every handler imports without an environment.
"""

import os
from dataclasses import MISSING, dataclass, fields
from typing import TypeVar


@dataclass(frozen=True)
class OrderTableSettings:
    orders_table: str


@dataclass(frozen=True)
class InventoryTableSettings:
    inventory_table: str


@dataclass(frozen=True)
class ReceiptSettings:
    receipts_bucket: str
    aws_endpoint_url: str = ""
    """Set where buckets have no host names of their own; empty on AWS."""


@dataclass(frozen=True)
class PaymentSettings:
    payment_secret_arn: str
    payment_api_url: str = ""
    """Base URL of the payment service; empty for Stripe itself."""


@dataclass(frozen=True)
class WorkflowSettings:
    state_machine_arn: str


@dataclass(frozen=True)
class MailSettings:
    sender_email: str


@dataclass(frozen=True)
class SandboxSettings:
    sandbox_table: str
    payment_secret_arn: str
    sandbox_delay_ms: str = "0"
    """Makes every mutation this slow, so that tests can force two requests to overlap."""


Settings = TypeVar("Settings")


def load(cls: type[Settings]) -> Settings:
    """Read `cls` from the environment. Raises RuntimeError naming every missing variable."""
    values: dict[str, str] = {}
    missing: list[str] = []
    for field in fields(cls):  # pyright: ignore[reportArgumentType]
        name = field.name.upper()
        if name in os.environ:
            values[field.name] = os.environ[name]
        elif field.default is MISSING:
            missing.append(name)
    if missing:
        raise RuntimeError(f"{cls.__name__}: not in the environment: {', '.join(missing)}")
    return cls(**values)
