"""What banks do to payments later: refunds that fail, disputes, and what then can't be done."""

import json
from typing import Any

import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import SandboxServer, event_of


def post(path: str, form: str = "", key: str = "") -> tuple[int, dict[str, Any]]:
    answer = lambda_handler(event_of("POST", path, form, idempotency_key=key), None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def paid(api: StripeClient, held: PaymentIntent) -> PaymentIntent:
    return api.v1.payment_intents.capture(held.id)


def kept(api: StripeClient, intent: PaymentIntent) -> int:
    now = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert isinstance(now.latest_charge, stripe.Charge)
    return now.amount_received - now.latest_charge.amount_refunded


def test_what_a_failed_refund_left_can_be_refunded_again(
    api: StripeClient, paid: PaymentIntent
) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id})
    status, answer = post(f"/sandbox/refunds/{refund.id}/fail")
    assert (status, answer["status"]) == (200, "failed")
    assert answer["failure_reason"] == "expired_or_canceled_card"
    assert api.v1.refunds.retrieve(refund.id).status == "failed"
    assert kept(api, paid) == 1999
    api.v1.refunds.create({"payment_intent": paid.id})
    assert kept(api, paid) == 0


def test_a_refund_fails_once(api: StripeClient, paid: PaymentIntent) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id, "amount": 500})
    assert [post(f"/sandbox/refunds/{refund.id}/fail")[0] for _ in range(2)] == [200, 400]
    assert kept(api, paid) == 1999


def test_a_repeated_failure_under_its_key_is_the_first(
    api: StripeClient, paid: PaymentIntent
) -> None:
    refund = api.v1.refunds.create({"payment_intent": paid.id, "amount": 500})
    path = f"/sandbox/refunds/{refund.id}/fail"
    assert post(path, key="A1:fail") == post(path, key="A1:fail")


def test_a_dispute_takes_the_whole_charge_by_default(
    api: StripeClient, paid: PaymentIntent
) -> None:
    status, answer = post("/sandbox/disputes", f"payment_intent={paid.id}")
    assert status == 200
    dispute = api.v1.disputes.retrieve(answer["id"])
    assert (dispute.amount, dispute.currency) == (1999, "usd")
    assert (dispute.status, dispute.reason) == ("needs_response", "fraudulent")
    assert (dispute.payment_intent, dispute.charge) == (paid.id, paid.latest_charge)
    assert dispute.evidence_details.due_by
    charge = api.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]}).latest_charge
    assert isinstance(charge, stripe.Charge)
    assert charge.disputed


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_disputed_charge_can_be_refunded_only_once_the_dispute_is_won(
    api: StripeClient, paid: PaymentIntent, status: str
) -> None:
    _, dispute = post("/sandbox/disputes", f"payment_intent={paid.id}&amount=999")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_disputed"
    code, closed = post(f"/sandbox/disputes/{dispute['id']}/close", f"status={status}")
    assert (code, closed["status"]) == (200, status)
    if status == "won":
        assert api.v1.refunds.create({"payment_intent": paid.id}).amount == 1999
        return
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_disputed"


def test_a_payment_is_disputed_once_and_a_dispute_closed_once(
    api: StripeClient, paid: PaymentIntent
) -> None:
    _, dispute = post("/sandbox/disputes", f"payment_intent={paid.id}")
    assert post("/sandbox/disputes", f"payment_intent={paid.id}")[0] == 400
    close = f"/sandbox/disputes/{dispute['id']}/close"
    assert [post(close, f"status={status}")[0] for status in ("lost", "won")] == [200, 400]
    assert api.v1.disputes.retrieve(dispute["id"]).status == "lost"


def test_what_was_not_captured_is_not_disputed(api: StripeClient, held: PaymentIntent) -> None:
    assert post("/sandbox/disputes", f"payment_intent={held.id}")[0] == 400
    assert api.v1.disputes.list().data == []


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/sandbox/disputes", "", 400),
        ("/sandbox/disputes", "payment_intent=pi_missing", 404),
        ("/sandbox/disputes", "payment_intent={id}&amount=2000", 400),
        ("/sandbox/disputes", "payment_intent={id}&reason=moody", 400),
        ("/sandbox/disputes/du_missing/close", "status=won", 404),
        ("/sandbox/disputes/du_missing/close", "", 400),
        ("/sandbox/disputes/du_missing/close", "status=open", 400),
        ("/sandbox/refunds/re_missing/fail", "", 404),
        ("/sandbox/refunds/re_missing/fail", "reason=moody", 400),
        ("/sandbox/unknown", "", 404),
    ],
)
def test_what_cannot_happen_is_refused(
    sandbox: SandboxServer, paid: PaymentIntent, path: str, form: str, status: int
) -> None:
    assert post(path, form.format(id=paid.id))[0] == status
