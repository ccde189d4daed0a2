"""One idempotency key, one effect: in a row, at once, after a crash, and in the wrong hands."""

from typing import Any

import boto3
import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox import intents, table
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import RETURN_URL, SandboxServer, event_of

NEW = {"amount": 1999, "currency": "usd", "capture_method": "manual"}
FORM = (
    "amount=1999&currency=usd&capture_method=manual&payment_method=pm_card_visa&confirm=true"
    f"&return_url={RETURN_URL}"
)


def create(api: StripeClient, key: str, **changes: Any) -> PaymentIntent:
    params: Any = NEW | changes
    return api.v1.payment_intents.create(params, {"idempotency_key": key})


def intents_of(api: StripeClient) -> list[PaymentIntent]:
    return list(api.v1.payment_intents.list({"limit": 100}).data)


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(api: StripeClient) -> None:
    first, again = create(api, "A1:create"), create(api, "A1:create")
    assert again.to_dict() == first.to_dict()
    fresh, replay = first.last_response, again.last_response
    assert fresh is not None
    assert replay is not None
    assert "idempotent-replayed" not in fresh.headers
    assert replay.headers["idempotent-replayed"] == "true"
    assert replay.headers["original-request"] == fresh.headers["request-id"]
    assert replay.headers["idempotency-key"] == "A1:create"
    assert len(intents_of(api)) == 1


def test_a_refusal_is_replayed_too(api: StripeClient, held: PaymentIntent) -> None:
    api.v1.payment_intents.cancel(held.id)
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
        assert (refused.value.headers or {}).get("idempotent-replayed") == replayed


def test_a_decline_is_replayed_and_the_bank_asked_once(api: StripeClient) -> None:
    card = {"payment_method": "pm_card_chargeDeclined", "confirm": True, "return_url": RETURN_URL}
    charges = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as declined:
            create(api, "A1:create", **card)
        assert declined.value.error is not None
        charges.append(declined.value.error.charge)
    assert charges[0] == charges[1]
    assert len(intents_of(api)) == 1


def test_a_key_serves_one_set_of_parameters(api: StripeClient) -> None:
    create(api, "A1:create")
    with pytest.raises(stripe.IdempotencyError, match="only be used with the same parameters"):
        create(api, "A1:create", amount=2000)
    assert [intent.amount for intent in intents_of(api)] == [1999]


def test_a_key_serves_one_endpoint(api: StripeClient, held: PaymentIntent) -> None:
    create(api, "A1:create")
    with pytest.raises(stripe.IdempotencyError):
        api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:create"})
    assert api.v1.payment_intents.retrieve(held.id).status == "requires_capture"


def test_a_malformed_request_leaves_its_key_free(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(api, "A1:create", amount=0)
    assert create(api, "A1:create").amount == 1999


def test_a_key_is_new_again_after_a_day(api: StripeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = create(api, "A1:create")
    now = table.time.time()
    monkeypatch.setattr(table.time, "time", lambda: now + 24 * 3600 + 1)
    assert create(api, "A1:create", amount=2000).id != first.id


def test_a_fault_is_stored_and_replayed_with_no_effect(
    sandbox: SandboxServer,
    api: StripeClient,
    held: PaymentIntent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("internals of the sandbox")

    with monkeypatch.context() as patch:
        patch.setattr(intents, "capture", broken)
        with pytest.raises(stripe.APIError) as fault:
            api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert "internals" not in (fault.value.http_body or "")
    with pytest.raises(stripe.APIError) as replay:
        sandbox.sdk(retries=4).v1.payment_intents.capture(
            held.id, {}, {"idempotency_key": "A1:capture"}
        )
    assert (fault.value.http_status, replay.value.http_status) == (500, 500)
    assert (replay.value.headers or {})["idempotent-replayed"] == "true"
    assert sandbox.statuses("POST", "/capture") == [500, 500]
    assert api.v1.payment_intents.retrieve(held.id).status == "requires_capture"


def test_an_effect_whose_answer_broke_after_its_commit_is_replayed_as_done(
    api: StripeClient, held: PaymentIntent, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = table.commit

    def breaking(writes: list[Any]) -> set[int]:
        commit(writes)
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(table, "commit", breaking)
        with pytest.raises(stripe.APIError):
            api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    again = api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert (again.status, again.amount_received) == ("succeeded", 1999)


def test_a_request_without_a_key_is_simply_made(sandbox: SandboxServer, api: StripeClient) -> None:
    for _ in range(2):
        answer = lambda_handler(event_of("POST", "/v1/payment_intents", FORM), None)
        assert answer["statusCode"] == 200
    assert len(intents_of(api)) == 2


def test_an_overlong_key_is_refused(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(api, "k" * 256)


def test_only_idempotency_keys_expire(api: StripeClient, held: PaymentIntent) -> None:
    items = boto3.client("dynamodb").scan(TableName="sandbox")["Items"]
    expiring = {item["pk"]["S"].partition("#")[0] for item in items if "expiresAt" in item}
    lasting = {item["pk"]["S"].partition("#")[0] for item in items if "expiresAt" not in item}
    assert (expiring, lasting) == ({"KEY"}, {"INTENTS"})
