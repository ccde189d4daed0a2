"""The customers' API: its routes."""

from typing import Any

from handlers.api import cancellations, catalogue, orders, receipts
from handlers.api.resolver import resolver
from handlers.runtime.observability import logger

app = resolver()
app.include_router(catalogue.router)
app.include_router(orders.router)
app.include_router(cancellations.router)
app.include_router(receipts.router)


def _as_get(event: dict[str, Any]) -> dict[str, Any]:
    """Answer HEAD as GET; the gateway leaves the body out of what it sends.

    https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2. The body is not left out here, because a
    length of 0 would be a false one for GET's answer (section 8.6). That API Gateway discards it
    is known from functions that do the same: https://github.com/DataBiosphere/azul/issues/6514
    """
    return event | {"httpMethod": "GET"} if event.get("httpMethod") == "HEAD" else event


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    # The route, not the path: a path has whatever a client wrote into it.
    logger.append_keys(route=event.get("resource"), method=event.get("httpMethod"))
    try:
        return app.resolve(_as_get(event), context)
    finally:
        logger.remove_keys(["orderId", "route", "method"])
