"""The gateway's HTTP client does what the SDK's own does, and keeps its connections."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from handlers.adapters.stripe_http import Urllib3Client
from localcloud.ports import free_port
from tests.support.scripted_gateway import ScriptedGateway, Step, scripted_gateway

Make = Callable[[float], stripe.HTTPClient]
OURS, SDKS = Urllib3Client, lambda timeout: stripe.RequestsClient(timeout=timeout)
BOTH = pytest.mark.parametrize("make", [OURS, SDKS], ids=["ours", "the SDK's"])
SHORT, LONG = 0.05, 30.0  # seconds: to run out; for what only a broken client runs into
INTENTS = "/v1/payment_intents"


def sdk(gateway: ScriptedGateway, http_client: stripe.HTTPClient, retries: int = 0) -> Any:
    return stripe.StripeClient(
        "sk_test_1",
        base_addresses={"api": gateway.url},
        max_network_retries=retries,
        http_client=http_client,
    ).v1.payment_intents


def fault(make: Make, url: str, timeout: float = LONG) -> bool:
    """Whether the error of one request asks for another try."""
    with pytest.raises(stripe.APIConnectionError) as error:
        make(timeout).request("post", url + INTENTS, {}, "amount=1")
    return error.value.should_retry


@pytest.fixture(autouse=True)
def without_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would write a file of its own; the gateway's adapter has it off too."""
    monkeypatch.setattr(stripe, "enable_telemetry", False)


@pytest.fixture
def own_certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A self-signed certificate, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    valid = built.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    certificate, secret = tmp_path / "certificate.pem", tmp_path / "key.pem"
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    certificate.write_bytes(valid.sign(key, hashes.SHA256()).public_bytes(encoding))
    secret.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return certificate, secret


def test_the_request_on_the_wire_is_that_of_the_sdks_own_client() -> None:
    sent: list[Any] = []
    for make in (OURS, SDKS):
        with scripted_gateway() as gateway:
            intents = sdk(gateway, make(LONG))
            params = {"amount": 1999, "currency": "usd", "metadata": {"orderId": "Ä&="}}
            intents.create(params, {"idempotency_key": "order:create"})
            intents.retrieve("pi_1", {"expand": ["latest_charge"]})
        for each in gateway.requests:
            agent = json.loads(each.headers["x-stripe-client-user-agent"])
            # The client's name, the free port, and what each has libraries to unpack with.
            del agent["httplib"], each.headers["host"], each.headers["accept-encoding"]
            each.headers["x-stripe-client-user-agent"] = agent
        sent.append([(each.line, each.headers, each.body) for each in gateway.requests])
    assert sent[0] == sent[1]
    assert len(sent[0]) == 2


@BOTH
@pytest.mark.parametrize("step", [Step.RESET, Step.HANG])
def test_a_lost_answer_asks_for_another_try(make: Make, step: Step) -> None:
    with scripted_gateway(step) as gateway:
        assert fault(make, gateway.url, SHORT if step is Step.HANG else LONG)


@BOTH
def test_a_refused_connection_asks_for_another_try(make: Make) -> None:
    assert fault(make, f"http://127.0.0.1:{free_port()}")


def test_half_an_answer_asks_for_another_try() -> None:
    """The SDK's own client gives up here; with an idempotency key another try is safe."""
    with scripted_gateway(Step.HALF) as gateway:
        assert fault(OURS, gateway.url)


@BOTH
def test_an_unknown_certificate_is_refused_for_good(
    make: Make, own_certificate: tuple[Path, Path]
) -> None:
    with scripted_gateway(identity=own_certificate) as gateway:
        assert not fault(make, gateway.url)
    assert gateway.requests == []


def test_requests_in_a_row_share_a_connection() -> None:
    with scripted_gateway() as gateway:
        client = Urllib3Client(LONG)
        for _ in range(3):
            sdk(gateway, client).retrieve("pi_1")
        client.close()
    assert len(gateway.requests) == 3
    assert len({each.connection for each in gateway.requests}) == 1


def test_a_connection_that_was_closed_meanwhile_is_not_used_again() -> None:
    with scripted_gateway(Step.CLOSE_AFTER) as gateway:
        intents = sdk(gateway, Urllib3Client(LONG))
        intents.retrieve("pi_1")
        assert gateway.closed.wait(LONG)
        intents.retrieve("pi_1")
    first, second = gateway.requests
    assert first.connection != second.connection


def test_a_kept_connection_that_ends_under_a_request_is_tried_again_under_its_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    with scripted_gateway(Step.ANSWER, Step.RESET) as gateway:
        intents = sdk(gateway, Urllib3Client(LONG), retries=1)
        intents.retrieve("pi_1")
        assert intents.create({"amount": 1999, "currency": "usd"}).amount == 1999
    kept, again = gateway.requests[1:]
    assert gateway.requests[0].connection == kept.connection != again.connection
    assert kept.headers["idempotency-key"] == again.headers["idempotency-key"]
    assert kept.body == again.body


def test_a_packed_answer_is_unpacked() -> None:
    with scripted_gateway(Step.PACK) as gateway:
        assert sdk(gateway, Urllib3Client(LONG)).retrieve("pi_1").amount == 1999
