"""One idempotency key, one effect: in a row, at once, after a crash, and in the wrong hands."""

from typing import Any

import boto3
import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.adapters import sandbox_table
from handlers.sandbox import idempotency, intents
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.handlers.sandbox.sandbox_server import SandboxServer, event_of, overlapping

NEW = {"amount": 1999, "currency": "usd", "capture_method": "manual"}
FORM = "amount=1999&currency=usd&capture_method=manual&payment_method=pm_card_visa&confirm=true"


def create(api: StripeClient, key: str, **changes: Any) -> PaymentIntent:
    params: Any = NEW | changes
    return api.v1.payment_intents.create(params, {"idempotency_key": key})


def intents_of(api: StripeClient) -> list[PaymentIntent]:
    return list(api.v1.payment_intents.list({"limit": 100}).data)


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(api: StripeClient) -> None:
    first, again = create(api, "A1:create"), create(api, "A1:create")
    assert again.to_dict() == first.to_dict()
    fresh, replay = first.last_response, again.last_response
    assert fresh is not None and replay is not None
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
    card = {"payment_method": "pm_card_chargeDeclined", "confirm": True}
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


def test_a_key_is_new_again_after_a_day(api: StripeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = create(api, "A1:create")
    now = sandbox_table.time.time()
    monkeypatch.setattr(sandbox_table.time, "time", lambda: now + 24 * 3600 + 1)
    assert create(api, "A1:create", amount=2000).id != first.id


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
    commit = sandbox_table.commit
    with monkeypatch.context() as patch:
        patch.setattr(
            sandbox_table, "commit", lambda writes: {0} if len(writes) > 1 else commit(writes)
        )
        with pytest.raises(stripe.RateLimitError) as refused:
            api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
        assert '"code": "lock_timeout"' in (refused.value.http_body or "")
    done = api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert done.status == "succeeded"


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
    commit = sandbox_table.commit

    def breaking(writes: list[Any]) -> set[int]:
        commit(writes)
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(sandbox_table, "commit", breaking)
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
