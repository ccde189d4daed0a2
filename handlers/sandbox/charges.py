"""What the bank answers when a card is charged, in the API's own shapes. Pure functions."""

from dataclasses import dataclass
from typing import Any

from handlers.sandbox.cards import Card

Record = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """A payment method about to be charged: how the API shows it, and its test card."""

    shown: dict[str, Any]
    card: Card

    @property
    def id(self) -> str:
        """Its id: an alias, or one of its own."""
        return self.shown["id"]


def answered(record: Record, method: Method, charge_id: str, created: int) -> Record:
    """The record after the bank's answer: the amount is held, or the card declined."""
    intent = record["intent"]
    charge = _charge(intent, method, charge_id, created)
    if method.card.code:
        failed = {
            "status": "requires_payment_method",
            "payment_method": None,
            "last_payment_error": _decline(method, charge_id),
            "latest_charge": charge_id,
            "next_action": None,
        }
        return record | {"intent": intent | failed, "charge": charge}
    held = {
        "status": "requires_capture",
        "amount_capturable": intent["amount"],
        "last_payment_error": None,
        "latest_charge": charge_id,
        "next_action": None,
        "payment_method": method.id,
    }
    return record | {"intent": intent | held, "charge": charge}


def _decline(method: Method, charge_id: str) -> dict[str, Any]:
    """The bank's refusal: the intent's `last_payment_error` and the members of the 402."""
    card = method.card
    members = {"charge": charge_id, "code": card.code, "message": card.message}
    if card.decline_code:
        members["decline_code"] = card.decline_code
    return members | {"payment_method": method.shown, "type": "card_error"}


def _charge(intent: dict[str, Any], method: Method, id: str, created: int) -> dict[str, Any]:
    card = method.card
    return {
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "captured": False,
        "created": created,
        "currency": intent["currency"],
        "disputed": False,
        "failure_code": card.code,
        "failure_message": card.message or None,
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": card.code is None,
        "payment_intent": intent["id"],
        "payment_method": method.id,
        "payment_method_details": {"type": "card", "card": method.shown["card"]},
        "refunded": False,
        "status": "failed" if card.code else "succeeded",
    }
