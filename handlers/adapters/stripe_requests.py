"""Sends requests to Stripe by the rules of its errors: which are sent again, when, and under which key.

https://docs.stripe.com/error-low-level and https://docs.stripe.com/rate-limits
"""

import hashlib
import itertools
import json
import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

import stripe
from stripe._v1_services import V1Services

from handlers.adapters.payment_secret import payment_secret
from handlers.adapters.stripe_http import Urllib3Client
from handlers.runtime.patience import Patience
from handlers.runtime.settings import PaymentSettings, load

# Telemetry would write a file and describe this machine in every request; the SDK's own log has
# two lines for each request.
stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.WARNING)

_TIMEOUT_SECONDS = 5
_RETRIES = 2  # the SDK's own, with backoff: network faults, 409, 5xx
_PATIENCE_SECONDS = 4  # in all; the state machine waits longer, and tries again
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0  # seconds
_KEYS = 3  # of one change; each but the last answers with what was stored under it

Answer = TypeVar("Answer")
Options = stripe.RequestOptions


class StripeRequests:
    """The requests of one call of a function, which together wait 4 seconds at most.

    A rate limit and a request that is under way (429, 409) are waited for, with full jitter. A key
    that was rolled at Stripe (401) is read anew, once.
    """

    def __init__(self) -> None:
        settings = load(PaymentSettings)
        self._arn = settings.payment_secret_arn
        self._url = settings.payment_api_url.rstrip("/")
        self._key = payment_secret(self._arn)
        self._patience = Patience(_PATIENCE_SECONDS, _SHORTEST_PAUSE, _LONGEST_PAUSE)

    def change(
        self, key: str, params: Mapping[str, object], send: Callable[[V1Services, Options], Answer]
    ) -> Answer:
        """Send a change of these parameters under its idempotency key.

        Two answers are about the key, not about the payment: Stripe repeats a stored 5xx for a day,
        and refuses parameters that differ from the first ones, as they do after a release. The
        change is then sent under another key, which every run makes alike. The payment's own rules
        keep it to one effect. https://docs.stripe.com/api/idempotent_requests
        """
        for number in range(_KEYS):
            options: Options = {"idempotency_key": key}
            try:
                return self.send(lambda api, options=options: send(api, options))
            except stripe.StripeError as error:
                suffix = _another_key(error, params)
                if suffix is None or number == _KEYS - 1:
                    raise
                key = f"{key}:{suffix}"
        raise AssertionError("unreachable")

    def send(self, request: Callable[[V1Services], Answer]) -> Answer:
        """Send one request, waiting while Stripe is busy."""
        key_is_new = False
        for tries in itertools.count(1):
            try:
                return request(_client(self._key, self._url).v1)
            except stripe.AuthenticationError:
                if key_is_new:
                    raise
                self._key, key_is_new = payment_secret(self._arn, fresh=True), True
            except stripe.StripeError as error:
                if not is_busy(error) or not self._patience.wait(tries):
                    raise
        raise AssertionError("unreachable")


def is_busy(error: stripe.StripeError) -> bool:
    """Whether Stripe asks to wait: too many requests, or one on the same object is under way."""
    return error.http_status in (409, 429)


def _another_key(error: stripe.StripeError, params: Mapping[str, object]) -> str | None:
    """What makes another idempotency key, or None if the error isn't about the key."""
    if isinstance(error, stripe.IdempotencyError):
        return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()[:16]
    headers = error.headers or {}
    stored = headers.get("idempotent-replayed") == "true" and (error.http_status or 0) >= 500
    return headers.get("original-request") if stored else None


@cache
def _client(key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url} if url else {},
        max_network_retries=_RETRIES,
        http_client=Urllib3Client(_TIMEOUT_SECONDS),
    )
