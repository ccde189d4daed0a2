"""Nothing is believed and nothing read before the gateway's signature is checked."""

import hashlib
import hmac
import io
import json
import time
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from handlers.adapters import order_table, webhook_secret
from handlers.domain.payment_event import PaymentEvent
from handlers.runtime.aws import client
from tests.handlers.api.conftest import Books, StateMachine
from tests.support.database import ORDER_ID, an_order, down, put_order
from tests.support.payment_events import PATH, PREVIOUS, SECRET, an_event, of_payment, send, signed
from tests.support.rest_client import RestClient

CANCELED = of_payment("payment_intent.canceled")
REFUNDED = an_event("charge.refunded", payment_intent="pi_1", metadata={})


@pytest.mark.parametrize("body", [CANCELED, REFUNDED, an_event("x")])
@pytest.mark.parametrize(
    "header",
    [
        lambda body: None,
        lambda body: "",
        lambda body: "t=1,v1=0",
        lambda body: signed(body, "whsec_of_another"),
        lambda body: signed(body + b" "),
    ],
    ids=["none", "empty", "made up", "of another", "of another body"],
)
def test_an_event_without_the_gateways_signature_is_refused_before_anything_is_read(
    gateway: RestClient,
    machine: StateMachine,
    ledger: Books,
    monkeypatch: pytest.MonkeyPatch,
    body: bytes,
    header: Callable[[bytes], str | None],
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    monkeypatch.delattr(order_table, "get")
    monkeypatch.delattr(PaymentEvent, "of")
    sent = header(body)
    headers = {} if sent is None else {"Stripe_Signature": sent}
    answer = gateway.request("POST", PATH, body, **headers)
    assert (answer.status, answer.body["detail"]) == (400, "The signature is not valid.")
    assert (machine.started, ledger.asked) == ([], [])


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_event_that_was_signed_too_long_ago_or_in_the_future_is_refused(
    gateway: RestClient, seconds: int
) -> None:
    header = signed(CANCELED, at=time.time() + seconds)
    assert gateway.request("POST", PATH, CANCELED, Stripe_Signature=header).status == 400


@pytest.mark.parametrize("name", ["Stripe_Signature", "stripe_signature", "STRIPE_SIGNATURE"])
def test_the_headers_name_may_be_written_in_any_case(gateway: RestClient, name: str) -> None:
    assert gateway.request("POST", PATH, CANCELED, **{name: signed(CANCELED)}).status == 200


def test_the_bytes_count_however_the_gateway_passes_them(gateway: RestClient) -> None:
    body = of_payment("payment_intent.canceled", name="Zdzisława\u2028")
    for passed in (body, body.decode()):
        answer = gateway.request("POST", PATH, passed, Stripe_Signature=signed(body))
        assert answer.status == 200


@pytest.mark.parametrize("body", [b"{}", b"[]", b"{", b"", b"\xff\xfe{}"])
def test_a_signed_body_that_is_no_event_is_refused(gateway: RestClient, body: bytes) -> None:
    answer = gateway.request("POST", PATH, body, Stripe_Signature=_by_bytes(body))
    assert (answer.status, answer.body["detail"]) == (400, "The body is not an event.")


@pytest.mark.parametrize("secret", [SECRET, PREVIOUS])
def test_the_current_secret_and_the_one_before_it_are_taken(
    gateway: RestClient, machine: StateMachine, secret: str
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    assert send(gateway, CANCELED, secret).status == 200
    assert machine.started == [f"{ORDER_ID}-evt_1"]


def test_a_rolled_secret_is_noticed_and_wrong_signatures_read_it_once_a_minute(
    gateway: RestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(webhook_secret.time, "time", lambda: now)
    reads: list[float] = []
    read = client("secretsmanager").get_secret_value

    def counted(**request: str) -> object:
        reads.append(now)
        return read(**request)

    monkeypatch.setattr(client("secretsmanager"), "get_secret_value", counted)
    assert send(gateway, CANCELED).status == 200
    kept = json.dumps(["whsec_new", SECRET])
    client("secretsmanager").put_secret_value(SecretId="webhook", SecretString=kept)
    now += 61
    assert send(gateway, CANCELED, "whsec_new").status == 200
    assert len(reads) == 2
    for _ in range(5):
        now += 12
        assert send(gateway, CANCELED, "whsec_of_another").status == 400
    assert len(reads) == 2
    now += 1
    assert send(gateway, CANCELED, "whsec_of_another").status == 400
    assert len(reads) == 3


def test_a_secret_that_cannot_be_read_is_a_fault_and_the_event_is_to_be_sent_again(
    gateway: RestClient,
) -> None:
    with down("secretsmanager", "get_secret_value"):
        assert send(gateway, CANCELED).status == 500
    assert send(gateway, CANCELED).status == 200


def test_nothing_of_an_event_but_its_id_type_and_order_is_logged(
    gateway: RestClient, machine: StateMachine, log: io.StringIO
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    body = of_payment("payment_intent.canceled", receipt_email="anna@example.com")
    send(gateway, body)
    send(gateway, body, "whsec_of_another")
    error = {"Error": {"Code": "ThrottlingException", "Message": ""}}
    machine.failure = ClientError(error, "StartExecution")
    send(gateway, of_payment("payment_intent.canceled", "evt_2", email="anna@example.com"))
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = [(line["message"], line.get("orderId"), line.get("eventId")) for line in lines]
    assert told == [
        ("RUN_STARTED", ORDER_ID, "evt_1"),
        ("refused", None, None),
        ("workflow not started", ORDER_ID, "evt_2"),
        ("refused", ORDER_ID, "evt_2"),
    ]
    assert not [word for word in ("anna", "whsec", "v1=") if word in log.getvalue()]


def _by_bytes(body: bytes) -> str:
    """The header of a body that need not be text, which the SDK's own helper wants."""
    sent_at = int(time.time())
    mac = hmac.new(SECRET.encode(), f"{sent_at}.".encode() + body, hashlib.sha256)
    return f"t={sent_at},v1={mac.hexdigest()}"
