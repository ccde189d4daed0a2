"""The mock payment service behind a Function URL: the part of Stripe's API that a shop needs.

For stacks without a Stripe account. The contract is Stripe's, and its official SDK is the test
oracle. It never raises: whatever comes in, JSON goes out. Not here: webhooks, customers,
disputes, the customer's part of 3-D Secure, card numbers.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any

from handlers.adapters.payment_secret import payment_secret
from handlers.runtime.observability import logger
from handlers.runtime.settings import SandboxSettings, load
from handlers.sandbox import endpoints, idempotency
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.function_url import Request, Response

_INTENT = r"/v1/payment_intents/([^/]{1,100})"
_ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("POST", "/v1/payment_intents", endpoints.create_intent),
    ("GET", "/v1/payment_intents", endpoints.list_intents),
    ("GET", _INTENT, endpoints.retrieve_intent),
    ("POST", f"{_INTENT}/confirm", endpoints.confirm_intent),
    ("POST", f"{_INTENT}/capture", endpoints.capture_intent),
    ("POST", f"{_INTENT}/cancel", endpoints.cancel_intent),
    ("POST", "/v1/refunds", endpoints.create_refund),
    ("GET", "/v1/refunds", endpoints.list_refunds),
    ("POST", "/v1/payment_methods", endpoints.create_payment_method),
]


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The answer to one request, in payload format 2.0."""
    request_id = f"req_{secrets.token_hex(8)}"
    try:
        response = _respond(event, request_id)
    except ApiError as error:
        response = Response.refusing(error)
    except Exception:
        logger.exception("sandbox failed")
        response = Response.of(500, idempotency.UNKNOWN_ERROR)
    logger.info("answered", status=response.status, request=request_id)
    return response.for_function_url(request_id)


def _respond(event: dict[str, Any], request_id: str) -> Response:
    headers: dict[str, str] = event.get("headers") or {}
    _authenticate(headers.get("authorization", ""))
    request = Request.of(event, request_id)
    for method, pattern, endpoint in _ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and method == request.method:
            outcome = endpoint(request, *found.groups())
            if method == "POST":
                return idempotency.run(request, outcome)
            return Response.of(200, outcome)
    raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path[:200]}).")


def _authenticate(authorization: str) -> None:
    """The stack's secret key, as a Bearer token or as the user of Basic. Raises ApiError."""
    scheme, _, credentials = authorization.partition(" ")
    given = credentials.strip().encode()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[0]
        except binascii.Error:
            given = b""
    elif scheme.lower() != "bearer":
        given = b""
    if not given:
        raise ApiError(401, "You did not provide an API key in the Authorization header.")
    key = payment_secret(load(SandboxSettings).payment_secret_arn)
    if not hmac.compare_digest(given, key.encode()):
        raise ApiError(401, "Invalid API Key provided.")
