"""The intents and payment methods that requests are about, and the change of one intent."""

import time
from typing import Any

from handlers.adapters.items import Item
from handlers.sandbox import cards, events, table
from handlers.sandbox.api_error import ApiError, missing_resource
from handlers.sandbox.charges import Method, Record
from handlers.sandbox.idempotency import Change
from handlers.sandbox.table import StoredIntent

LONGEST_ID = 100
"""Characters of any id in the table."""
_USED_BEFORE = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
    "attachment, shared with a connected account without Customer attachment, or was detached "
    "from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must "
    "attach it to a Customer first."
)


def existing(intent_id: str, param: str = "intent", status: int = 404) -> StoredIntent:
    """The intent as it stands. Raises ApiError, of this HTTP status, if there is none."""
    stored = table.intent(intent_id) if 0 < len(intent_id) <= LONGEST_ID else None
    if stored is None:
        raise missing_resource("payment_intent", intent_id[:LONGEST_ID], param, status)
    return stored


def with_refund(id: str, param: str = "refund", status: int = 404) -> StoredIntent:
    """The intent that the refund is of. Raises ApiError, of this HTTP status, if there is none."""
    stored = table.intent_with("REFUNDS", id) if len(id) <= LONGEST_ID else None
    if stored is None:
        raise missing_resource("refund", id[:LONGEST_ID], param, status)
    return stored


def with_dispute(id: str, param: str = "dispute", status: int = 404) -> StoredIntent:
    """The intent that the dispute is about. Raises ApiError, of this HTTP status, if there is none."""
    stored = table.intent_with("DISPUTES", id) if len(id) <= LONGEST_ID else None
    if stored is None:
        raise missing_resource("dispute", id[:LONGEST_ID], param, status)
    return stored


def method(method_id: str, intent_id: str) -> Method:
    """A payment method that this intent may use. Raises ApiError for any other."""
    alias = cards.by_alias(method_id)
    if alias:
        return Method(cards.payment_method(method_id, alias, int(time.time())), alias)
    stored = table.payment_method(method_id) if len(method_id) <= LONGEST_ID else None
    card = cards.by_token(stored["token"]) if stored else None
    if stored is None or card is None:
        raise missing_resource("PaymentMethod", method_id[:LONGEST_ID], "payment_method", 400)
    if stored.get("usedBy", intent_id) != intent_id:
        raise ApiError(400, _USED_BEFORE)
    return Method(cards.payment_method(method_id, card, stored["created"]), card)


def changed(before: StoredIntent, record: Record, content: dict[str, Any], *writes: Item) -> Change:
    """The change of one intent, with the events that it makes, answered by `content`."""
    made = events.of(before.record, record)
    return Change(content, [table.update_intent(before, record), *writes], events=made)
