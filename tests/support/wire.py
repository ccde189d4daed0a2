"""HTTP with nothing added and nothing checked, for requests that no client library would send."""

import http.client
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.support.live_system import Customer

_TIMEOUT = 30  # seconds


@dataclass(frozen=True)
class Answer:
    """An answer as it came."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def send(
    customer: Customer, method: str, path: str, body: bytes = b"", **headers: str | None
) -> Answer:
    """These bytes, as the customer; `Some_Header=None` leaves out a header that belongs."""
    usual = {
        "Authorization": f"Bearer {customer.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    named = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    api = urlsplit(customer.api)
    connection = http.client.HTTPConnection(api.netloc, timeout=_TIMEOUT)
    try:
        sent = {name: value for name, value in named.items() if value is not None}
        connection.request(method, api.path + path, body=body or None, headers=sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
