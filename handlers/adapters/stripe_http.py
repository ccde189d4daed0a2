"""Sends the Stripe SDK's requests with urllib3, which botocore has loaded anyway.

Of the SDK's own clients, the usual one imports `requests` at every start of a function, and the one
on the standard library keeps no connection. The base class retries, as it does for those:
https://github.com/stripe/stripe-python/blob/master/stripe/_http_client.py
"""

from collections.abc import Mapping
from typing import Any

import stripe
import urllib3
from urllib3.exceptions import HTTPError, ProtocolError, TimeoutError
from urllib3.util import Timeout, make_headers

_TRANSIENT = (TimeoutError, ProtocolError)
"""Not reached, no answer in time, or the connection ended before the answer did. Trying again is
safe, because the SDK sends each request with an idempotency key."""
_USUAL = {"Accept": "*/*"} | make_headers(keep_alive=True, accept_encoding=True)


class Urllib3Client(stripe.HTTPClient):
    """Keeps connections; `timeout` (seconds) is for connecting and for each wait for data."""

    name = "urllib3"

    def __init__(self, timeout: float):
        super().__init__()  # pyright: ignore[reportUnknownMemberType]
        self._pool = urllib3.PoolManager(
            ca_certs=stripe.ca_bundle_path, timeout=Timeout(connect=timeout, read=timeout)
        )

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Send one request and return its body, status and headers.

        Raises stripe.APIConnectionError, which says whether to try again.
        """
        try:
            answer = self._pool.request(
                method.upper(),
                url,
                body=post_data,
                headers={**_USUAL, **(headers or {})},
                retries=False,
                redirect=False,
            )
        except HTTPError as error:
            raise stripe.APIConnectionError(
                f"no answer from the payment gateway: {type(error).__name__}: {error}",
                should_retry=isinstance(error, _TRANSIENT),
            ) from error
        return answer.data, answer.status, answer.headers

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.clear()
