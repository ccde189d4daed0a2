"""The endpoint of payment methods."""

import time

from handlers.sandbox import cards, ids, params, records, table
from handlers.sandbox.api_error import missing_resource
from handlers.sandbox.function_url import Request
from handlers.sandbox.idempotency import Change, Effect


def create_payment_method(request: Request) -> Effect:
    """POST /v1/payment_methods from a test token: for one intent's use."""
    params.only(request, "billing_details", "card", "metadata", "type")
    params.required(request, "type")
    params.choice(request, "type", "card")
    token = params.required(request, "card[token]")
    card = cards.by_token(token)
    if card is None:
        raise missing_resource("token", token[: records.LONGEST_ID], "card[token]", 400)

    def effect() -> Change:
        method_id, now = ids.new("pm"), int(time.time())
        shown = cards.payment_method(method_id, card, now)
        return Change(shown, [table.insert_payment_method(method_id, token, now)])

    return effect
