"""What a function is told by its environment: one named tuple per collaborator.

A field's name in upper case is the variable's name, so the grants in `components/` that set the
variables and the code that reads them cannot drift apart (a test compares them). Settings are
read when they are needed, never at import, so every handler imports without an environment.
(Dataclasses would be compiled anew at each cold start: seven took a fifth of what a handler adds to it.)
"""

import os
from typing import NamedTuple, TypeVar


class OrderTableSettings(NamedTuple):
    orders_table: str


class OrderLimitSettings(NamedTuple):
    orders_per_customer: str
    """How many orders a customer may place in ten minutes."""


class InventoryTableSettings(NamedTuple):
    inventory_table: str


class ReceiptSettings(NamedTuple):
    receipts_bucket: str
    aws_endpoint_url: str = ""
    """Set where buckets have no host names of their own; empty on AWS."""


class PaymentSettings(NamedTuple):
    payment_secret_arn: str
    stack_name: str
    """Says whose a payment is, where several stacks use one account of the payment service."""
    payment_api_url: str = ""
    """Base URL of the payment service; empty for Stripe itself."""


class StorefrontSettings(NamedTuple):
    storefront_parameter: str
    """Name of the parameter that has the storefront's scheme and host."""


class WorkflowSettings(NamedTuple):
    state_machine_arn: str


class OrderEventsSettings(NamedTuple):
    order_events_topic_arn: str


class ReconcilerSettings(NamedTuple):
    max_attempts: str
    attention_after_minutes: str


class WebhookSettings(NamedTuple):
    webhook_secret_arn: str
    stack_name: str
    """This stack's name, which the payment intents of its orders carry."""


class BooksSettings(NamedTuple):
    books_function_arn: str = ""
    """The books function; empty in a stack without it."""


class MailSettings(NamedTuple):
    sender_email: str
    configuration_set: str
    """The set of SES that mail is sent with, which says where SES reports what became of it."""
    storefront_url: str
    """Scheme and host; the page of an order is `/orders/<id>` there."""


class SandboxSettings(NamedTuple):
    sandbox_table: str
    payment_secret_arn: str
    payment_read_secret_arn: str = ""
    """The secret of the key that may only read; empty if there is none."""
    sandbox_events_queue_url: str = ""
    """The queue of the events that are sent to the webhook; empty for no events."""
    sandbox_delay_ms: str = "0"
    """Makes every mutation this slow, so that tests can force two requests to overlap."""


class EventSenderSettings(NamedTuple):
    webhook_url: str
    webhook_secret_arn: str
    """The secret is a JSON list of signing secrets, the newest first."""


Settings = TypeVar("Settings", bound=NamedTuple)


def load(cls: type[Settings]) -> Settings:
    """Read `cls` from the environment. Raises RuntimeError naming every missing variable."""
    told = {name: os.environ[name.upper()] for name in cls._fields if name.upper() in os.environ}
    values = cls._field_defaults | told
    missing = [name.upper() for name in cls._fields if name not in values]
    if missing:
        raise RuntimeError(f"{cls.__name__}: not in the environment: {', '.join(missing)}")
    return cls._make(values[name] for name in cls._fields)
