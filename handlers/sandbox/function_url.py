"""A Function URL's event as a request in Stripe's form encoding, and the answer back.

Nested parameters keep their written names (`metadata[orderId]`, `expand[0]`): one flat dict, so
no input is too deep. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from handlers.sandbox.api_error import ApiError


@dataclass(frozen=True)
class Request:
    """One request. `params` come from the query of a GET and from the form of a POST.

    `base_url` is the address that the sandbox was called at: scheme and host.
    """

    id: str
    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str] = field(default_factory=dict[str, str])
    idempotency_key: str = ""
    base_url: str = ""

    @classmethod
    def of(cls, event: dict[str, Any], request_id: str) -> "Request":
        """Raises ApiError when the body can't be read."""
        headers: dict[str, str] = event.get("headers") or {}
        method = event["requestContext"]["http"]["method"]
        query = _form(event.get("rawQueryString") or "")
        return cls(
            id=request_id,
            method=method,
            path=event["rawPath"],
            params=_form(_body(event)) if method == "POST" else query,
            query=query,
            idempotency_key=headers.get("idempotency-key", "") if method == "POST" else "",
            base_url=f"{headers.get('x-forwarded-proto', 'http')}://{headers.get('host', '')}",
        )


@dataclass(frozen=True)
class Response:
    """An answer: HTTP status, the body as JSON text, and the headers that Stripe's SDK reads."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, content: dict[str, Any], **headers: str) -> "Response":
        """`content` as JSON; `stripe_should_retry="false"` becomes the header of that name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, json.dumps(content), named)

    @classmethod
    def refusing(cls, error: ApiError) -> "Response":
        """The answer to a refused request."""
        retry = "true" if error.passing else "false"
        return cls.of(error.status, error.content(), stripe_should_retry=retry)

    def for_function_url(self, request_id: str) -> dict[str, Any]:
        """The answer in payload format 2.0."""
        headers = {"content-type": "application/json", "request-id": request_id} | self.headers
        return {"statusCode": self.status, "headers": headers, "body": self.body}


def _body(event: dict[str, Any]) -> str:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ApiError(400, "Invalid request body: it is not UTF-8 form data.") from None


def _form(encoded: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(encoded, keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        raise ApiError(400, "Invalid request: too many parameters.") from None
