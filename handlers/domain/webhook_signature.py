"""Stripe's signature of a webhook request: an HMAC of the time and the raw body.

https://docs.stripe.com/webhooks#verify-manually
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

TOLERANCE_SECONDS = 300
"""How old a signature may be, or how far ahead of this machine's clock. Stripe's SDKs take the same."""


def is_signed(body: bytes, header: str, secrets: Iterable[str], now: float) -> bool:
    """Return whether `header` (Stripe-Signature) signs exactly this body with one of the secrets.

    The header has a time, `t`, which must be at most 300 seconds from `now` (Unix time) either
    way, and any number of signatures, of which only those of the scheme `v1` count. There are
    several while an endpoint's secret is rolled.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = [value.encode(errors="replace") for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not re.fullmatch("[0-9]{1,12}", times[0]):
        return False
    if abs(now - int(times[0])) > TOLERANCE_SECONDS:
        return False
    expected = [_signature(secret, times[0], body) for secret in secrets if secret]
    return any(hmac.compare_digest(each, given) for each in expected for given in signatures)


def _signature(secret: str, sent_at: str, body: bytes) -> bytes:
    signed = sent_at.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
