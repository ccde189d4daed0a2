"""Requests at once: same key, different keys, a first request that is slow, dead or late."""

from typing import Any

import boto3
import pytest
import stripe
from botocore.exceptions import ClientError
from stripe import PaymentIntent, StripeClient

from handlers.sandbox import idempotency, table
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import RETURN_URL, SandboxServer, event_of, overlapping

FORM = (
    "amount=1999&currency=usd&capture_method=manual&payment_method=pm_card_visa&confirm=true"
    f"&return_url={RETURN_URL}"
)


def create(api: StripeClient, key: str, amount: int = 1999) -> PaymentIntent:
    return api.v1.payment_intents.create(
        {"amount": amount, "currency": "usd", "capture_method": "manual"},
        {"idempotency_key": key},
    )


def intents_of(api: StripeClient) -> list[PaymentIntent]:
    return list(api.v1.payment_intents.list({"limit": 100}).data)


def test_while_the_first_request_runs_the_second_gets_409_and_one_effect_remains(
    sandbox: SandboxServer, api: StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_of("POST", "/v1/payment_intents", FORM, idempotency_key="A1:create")
    with overlapping(monkeypatch, lambda: lambda_handler(event, None)) as second:
        first = lambda_handler(event, None)
    assert (first["statusCode"], second[0]["statusCode"]) == (200, 409)
    assert '"code": "idempotency_key_in_use"' in second[0]["body"]
    assert second[0]["headers"]["stripe-should-retry"] == "true"
    assert len(intents_of(api)) == 1
    assert lambda_handler(event, None)["body"] == first["body"]


def test_the_sdk_waits_for_a_running_request_and_gets_its_answer(
    sandbox: SandboxServer, api: StripeClient
) -> None:
    leased = _run_and_die(sandbox, "A1:create")
    sandbox.answered = lambda: leased(-1) if len(sandbox.answers) == 1 else None
    assert create(sandbox.sdk(retries=4), "A1:create").status == "requires_payment_method"
    assert sandbox.statuses("POST", "/v1/payment_intents") == [409, 200]
    assert len(intents_of(api)) == 1


def test_a_dead_request_keeps_its_key_until_its_lease_ends(
    sandbox: SandboxServer, api: StripeClient
) -> None:
    leased = _run_and_die(sandbox, "A1:create")
    with pytest.raises(stripe.APIError) as running:
        create(api, "A1:create")
    assert running.value.http_status == 409
    leased(-1)
    with pytest.raises(stripe.IdempotencyError):
        create(api, "A1:create", amount=2000)
    assert create(api, "A1:create").amount == 1999


def test_a_request_that_lost_its_key_to_a_later_one_changes_nothing(
    sandbox: SandboxServer, api: StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_of("POST", "/v1/payment_intents", FORM, idempotency_key="A1:create")

    def outlived() -> dict[str, Any]:
        _set_lease("A1:create", 0)
        return lambda_handler(event, None)

    with overlapping(monkeypatch, outlived) as later:
        late = lambda_handler(event, None)
    assert (later[0]["statusCode"], late["statusCode"]) == (200, 409)
    assert len(intents_of(api)) == 1


@pytest.mark.parametrize("verbs", [("capture", "cancel"), ("cancel", "capture")])
def test_two_keys_racing_on_one_intent_have_one_winner(
    api: StripeClient,
    held: PaymentIntent,
    monkeypatch: pytest.MonkeyPatch,
    verbs: tuple[str, str],
) -> None:
    slow, fast = (
        event_of("POST", f"/v1/payment_intents/{held.id}/{verb}", idempotency_key=verb)
        for verb in verbs
    )
    with overlapping(monkeypatch, lambda: lambda_handler(fast, None)) as inner:
        outer = lambda_handler(slow, None)
    assert (inner[0]["statusCode"], outer["statusCode"]) == (200, 400)
    assert '"code": "payment_intent_unexpected_state"' in outer["body"]
    won = {"capture": "succeeded", "cancel": "canceled"}[verbs[1]]
    assert api.v1.payment_intents.retrieve(held.id).status == won


def test_two_refunds_at_once_give_back_no_more_than_was_captured(
    api: StripeClient, held: PaymentIntent, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.v1.payment_intents.capture(held.id)
    form = f"payment_intent={held.id}&amount=1500"
    one, two = (event_of("POST", "/v1/refunds", form, idempotency_key=key) for key in "ab")
    with overlapping(monkeypatch, lambda: lambda_handler(two, None)) as inner:
        outer = lambda_handler(one, None)
    assert (inner[0]["statusCode"], outer["statusCode"]) == (200, 400)
    refunds = api.v1.refunds.list({"payment_intent": held.id}).data
    assert [refund.amount for refund in refunds] == [1500]


def test_an_intent_that_never_stands_still_answers_lock_timeout_and_frees_the_key(
    api: StripeClient, held: PaymentIntent, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = table.commit
    with monkeypatch.context() as patch:
        patch.setattr(table, "commit", lambda writes: {0} if len(writes) > 1 else commit(writes))
        with pytest.raises(stripe.RateLimitError) as refused:
            api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
        assert '"code": "lock_timeout"' in (refused.value.http_body or "")
    done = api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert done.status == "succeeded"


def test_a_key_whose_answer_is_just_being_written_is_in_use(
    api: StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "write", _conflicting("TransactionConflictException"))
    with pytest.raises(stripe.APIError) as refused:
        create(api, "A1:create")
    assert refused.value.http_status == 409
    assert intents_of(api) == []


def test_contention_to_the_end_is_a_passing_refusal_and_has_no_effect(
    sandbox: SandboxServer,
    api: StripeClient,
    held: PaymentIntent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(table, "transact", _conflicting("TransactionCanceledException"))
        with pytest.raises(stripe.RateLimitError) as refused:
            api.v1.payment_intents.capture(held.id)
    assert (refused.value.headers or {})["stripe-should-retry"] == "true"
    assert api.v1.payment_intents.retrieve(held.id).status == "requires_capture"


def _run_and_die(sandbox: SandboxServer, key: str) -> Any:
    """Leave the claim of a request that died; answers how to move the end of its lease."""
    with pytest.MonkeyPatch.context() as patch:

        def die(*_: Any) -> None:
            raise KeyboardInterrupt

        patch.setattr(idempotency, "_commit", die)
        with pytest.raises(KeyboardInterrupt):
            lambda_handler(
                event_of(
                    "POST",
                    "/v1/payment_intents",
                    "amount=1999&currency=usd&capture_method=manual",
                    idempotency_key=key,
                ),
                None,
            )
    return lambda end: _set_lease(key, end)


def _set_lease(key: str, end: int) -> None:
    boto3.client("dynamodb").update_item(
        TableName="sandbox",
        Key={"pk": {"S": f"KEY#{key}"}, "sk": {"S": "KEY"}},
        UpdateExpression="SET leaseUntil = :end",
        ExpressionAttributeValues={":end": {"N": str(end)}},
    )


def _conflicting(code: str) -> Any:
    """DynamoDB's refusal of a write that met a transaction on the same item."""
    response: Any = {
        "Error": {"Code": code, "Message": ""},
        "CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}],
    }

    def refuse(*_: Any) -> Any:
        raise ClientError(response, "Write")

    return refuse
