"""Stripe's own SDK signs here, and says of each body and header whether it would take them."""

import pytest
import stripe

from handlers.domain.webhook_signature import is_signed
from tests.support.payment_events import PREVIOUS, SECRET, an_event, signed

BODY = an_event("payment_intent.canceled", metadata={"name": "Zdzisława"})
NOW = 1_790_000_000
STAMP, SIGNATURE = signed(BODY, at=NOW).split(",")
BOTH = [SECRET, PREVIOUS]


def the_sdk_takes(body: bytes, header: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr("stripe._webhook.time.time", lambda: NOW)
    try:
        stripe.Webhook.construct_event(body, header, SECRET)
    except (stripe.SignatureVerificationError, TypeError):  # which it raises for what isn't ASCII
        return False
    return True


def test_what_the_sdk_signs_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_signed(BODY, signed(BODY, at=NOW), [SECRET], NOW)
    assert the_sdk_takes(BODY, signed(BODY, at=NOW), monkeypatch)


@pytest.mark.parametrize(
    "header",
    [
        f"{STAMP},v1={'0' * 64},{SIGNATURE}",
        f"{STAMP},{SIGNATURE},v1={'0' * 64}",
        f"{STAMP},v0={'0' * 64},{SIGNATURE},v2=é",
        f"{SIGNATURE},{STAMP}",
    ],
)
def test_any_signature_of_the_known_scheme_is_enough(
    header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_signed(BODY, header, [SECRET], NOW)
    assert the_sdk_takes(BODY, header, monkeypatch)


@pytest.mark.parametrize(
    "header",
    [
        "",
        ",",
        STAMP,
        SIGNATURE,
        f"{STAMP},{SIGNATURE.replace('v1', 'v0')}",
        f"{STAMP},{SIGNATURE.replace('v1', 'v2')}",
        f"{STAMP},{SIGNATURE.upper().replace('V1', 'v1')}",
        f"{STAMP},{SIGNATURE[:-1]}",
        f"{STAMP},v1=",
        f"{STAMP},v1=é",
        f"t=,{SIGNATURE}",
        f"t=now,{SIGNATURE}",
        f"t={NOW + 1},{SIGNATURE}",
        signed(BODY, "whsec_of_another", NOW),
    ],
)
def test_what_the_sdk_refuses_is_refused(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_signed(BODY, header, BOTH, NOW)
    assert not the_sdk_takes(BODY, header, monkeypatch)


@pytest.mark.parametrize("position", [0, len(BODY) // 2, len(BODY) - 1])
def test_a_body_that_was_changed_by_a_byte_is_refused(position: int) -> None:
    changed = bytearray(BODY)
    changed[position] ^= 1
    assert not is_signed(bytes(changed), signed(BODY, at=NOW), BOTH, NOW)


@pytest.mark.parametrize("body", [b"", BODY + b"\n", BODY.replace(b"\n", b""), b"\xff" + BODY])
def test_another_body_is_refused_whether_it_is_text_or_not(body: bytes) -> None:
    assert not is_signed(body, signed(BODY, at=NOW), BOTH, NOW)


@pytest.mark.parametrize("secret", BOTH)
def test_any_of_the_secrets_may_have_signed(secret: str) -> None:
    assert is_signed(BODY, signed(BODY, secret, NOW), BOTH, NOW)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_signed(secrets: list[str]) -> None:
    assert not is_signed(BODY, signed(BODY, "", NOW), secrets, NOW)


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)]
)
def test_a_signature_counts_for_five_minutes_either_way(seconds: int, taken: bool) -> None:
    assert is_signed(BODY, signed(BODY, at=NOW + seconds), BOTH, NOW) is taken


@pytest.mark.parametrize("times", [f"{STAMP},t=1", f"t=1,{STAMP}", f"t={'9' * 5000}", "t=١"])
def test_a_time_that_can_be_read_in_two_ways_or_in_none_is_refused(times: str) -> None:
    assert not is_signed(BODY, f"{times},{SIGNATURE}", BOTH, NOW)
