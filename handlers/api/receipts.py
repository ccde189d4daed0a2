"""The receipt of one's own order, as a link that works for a few minutes."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.adapters import receipt_bucket
from handlers.api.orders import own_order
from handlers.api.problem import answer, not_found

router = Router()


@router.get("/api/orders/<order_id>/receipt")
def get_receipt(order_id: str) -> Response[str]:
    order = own_order(order_id)
    if not order.get("receiptStored"):
        raise not_found()
    url, expires_at = receipt_bucket.link(order_id)
    return answer({"url": url, "expiresAt": expires_at})
