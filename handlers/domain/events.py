"""The order events: every type that is published to the topic, and who hears of it."""

from enum import StrEnum


class EventType(StrEnum):
    """The `type` of an event, as it is in the message that the topic filters on."""

    PAYMENT_APPROVAL_NEEDED = "PaymentApprovalNeeded"
    ORDER_CONFIRMED = "OrderConfirmed"
    ORDER_REJECTED = "OrderRejected"
    ORDER_CANCELLED = "OrderCancelled"
    ORDER_NEEDS_ATTENTION = "OrderNeedsAttention"
    STOCK_LOW = "StockLow"


FOR_CUSTOMERS = frozenset(
    {
        EventType.PAYMENT_APPROVAL_NEEDED,
        EventType.ORDER_CONFIRMED,
        EventType.ORDER_REJECTED,
        EventType.ORDER_CANCELLED,
    }
)
"""A mail goes to the order's customer."""

FOR_OPERATORS = frozenset({EventType.ORDER_NEEDS_ATTENTION, EventType.STOCK_LOW})
"""A message goes to the operations address, where a stack has one."""
