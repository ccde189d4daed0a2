"""The commands that a person runs, against a toy or, for `order`, against an API of canned answers."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local import web
from local.__main__ import main
from local.commands import order
from local.provision.aws import Aws
from tests.local.conftest import Toy

PROGRAM = """
trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"}}]})
role = aws.iam.Role("role", assume_role_policy=trust)
aws.lambda_.Function("talker", runtime="python3.13", handler="talk.run", role=role.arn,
                     code=pulumi.AssetArchive({"talk.py": pulumi.StringAsset(
                         "def run(event, _): print(event['say'])")}))
aws.sesv2.EmailIdentity("sender", email_identity="shop@example.com")
pool = aws.cognito.UserPool("pool", username_attributes=["email"], auto_verified_attributes=["email"])
client = aws.cognito.UserPoolClient(
    "client", user_pool_id=pool.id, allowed_oauth_flows_user_pool_client=True, allowed_oauth_flows=["code"],
    allowed_oauth_scopes=["openid", "email"], callback_urls=["http://localhost:5173/signed-in"],
    supported_identity_providers=["COGNITO"], explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"])
aws.cognito.UserPoolDomain("domain", domain="toy", user_pool_id=pool.id)
pulumi.export("userPoolId", pool.id)
pulumi.export("userPoolClientId", client.id)
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> dict[str, Any]:
    module_toy.program(PROGRAM)
    return module_toy.up()


@pytest.fixture
def run(
    module_toy: Toy,
    outputs: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command and returns its exit code, stdout and stderr."""
    assert outputs
    monkeypatch.setenv("LOCAL_STATE_DIR", str(module_toy.state_dir))
    monkeypatch.setenv("LOCAL_PORT", str(module_toy.port))

    def call(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_outputs_prints_what_the_file_holds(
    run: Run, module_toy: Toy, outputs: dict[str, Any]
) -> None:
    code, out, _ = run("outputs")
    assert code == 0
    assert (
        json.loads(out)
        == outputs
        == json.loads((module_toy.state_dir / "outputs.json").read_text())
    )
    assert outputs["endpointUrl"] == f"http://127.0.0.1:{module_toy.port}"
    assert outputs["region"] == "us-east-1"


def test_token_is_the_id_token_of_a_verified_customer_each_time(run: Run) -> None:
    tokens = [run("token", "new@example.com")[1] for _ in range(2)]
    for token in tokens:
        assert token.count("\n") == 1
        found = claims(token.strip())
        assert (found["email"], found["token_use"]) == ("new@example.com", "id")
        assert found["email_verified"] in (True, "true")
    assert len({claims(token)["sub"] for token in tokens}) == 1


def test_mail_prints_the_mail_to_one_address(run: Run, aws: Aws) -> None:
    for recipient in ("one@example.com", "two@example.com"):
        aws.sesv2.send_email(
            FromEmailAddress="shop@example.com",
            Destination={"ToAddresses": [recipient]},
            Content={
                "Simple": {
                    "Subject": {"Data": f"Hello {recipient}"},
                    "Body": {
                        "Text": {"Data": "in plain words"},
                        "Html": {"Data": "<p>in HTML</p>"},
                    },
                }
            },
        )
    code, out, _ = run("mail", "--to", "two@example.com")
    assert code == 0
    assert "Subject: Hello two@example.com\n\nin plain words" in out
    assert "one@example.com" not in out
    assert out.endswith("1 message(s)\n")
    assert "<p>in HTML</p>" in run("mail", "--to", "two@example.com", "--html")[1]


def test_logs_prints_what_a_function_said(run: Run, aws: Aws) -> None:
    aws.lambda_.invoke(
        FunctionName="orders-dev-talker", Payload=json.dumps({"say": "good morning"})
    )
    code, out, _ = run("logs", "talk", "--since", "5m")
    assert code == 0
    assert "orders-dev-talker: good morning\n" in out
    assert run("logs", "--since", "0s")[1] == ""
    assert run("logs", "nobody") == (1, "", "logs: no function's name contains 'nobody'\n")


@pytest.mark.parametrize(
    "argv", [["order", "--quantity", "0"], ["logs", "--since", "soon"], ["nonsense"], []], ids=str
)
def test_wrong_arguments_are_explained(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(argv)
    assert raised.value.code == 2
    assert "usage: python -m local" in capsys.readouterr().err


class Api:
    """Answers like the orders API: the order moves on by one entry at each look."""

    def __init__(self, end: str, **ended: Any) -> None:
        self.steps = ["RECEIVED", "VALIDATED", end]
        self.ended = ended
        self.looks = 0
        self.placed: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def request(
        self, method: str, url: str, *, body: Any = None, headers: Any = None
    ) -> web.Response:
        path = url.removeprefix("http://api")
        if method == "POST":
            self.placed, self.headers = body, headers
            return self._answer(202, {"orderId": "ORDER1", "status": "RECEIVED", "version": 1})
        if path == "/api/products":
            price = {"amount": 1999, "currency": "USD"}
            return self._answer(
                200,
                {
                    "products": [
                        {"productId": "gone", "name": "Gone", "price": price, "available": 0},
                        {"productId": "lamp", "name": "Lamp", "price": price, "available": 3},
                    ]
                },
            )
        if path.endswith("/receipt"):
            return self._answer(200, {"url": "http://receipt", "expiresAt": "later"})
        return self._answer(200, self._order())

    def _order(self) -> dict[str, Any]:
        self.looks = min(self.looks + 1, len(self.steps))
        steps = self.steps[: self.looks]
        timeline = [
            {"status": step, "at": f"2026-11-22T10:00:0{n}.000Z"} for n, step in enumerate(steps)
        ]
        return {"status": steps[-1], "timeline": timeline, "receiptAvailable": True} | self.ended

    def _answer(self, status: int, document: Any) -> web.Response:
        return web.Response(status, web.Message(), json.dumps(document).encode())


@pytest.fixture
def place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Any]]:
    monkeypatch.setattr(order.running, "outputs", lambda _: {"apiUrl": "http://api"})
    monkeypatch.setattr(order, "id_token", lambda _outputs, email: f"token-of-{email}")
    monkeypatch.setattr(order, "POLL_INTERVAL", 0)

    def call(api: Api, *argv: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(web, "request", api.request)
        code = main(["order", *argv])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err

    return call


def test_order_follows_a_confirmed_order_to_its_receipt(place: Callable[..., Any]) -> None:
    api = Api("CONFIRMED")
    code, lines, err = place(api, "--quantity", "2", "--email", "a@example.com")
    assert (code, err) == (0, "")
    assert lines == [
        "a@example.com orders 2 x Lamp for USD 39.98",
        "order ORDER1",
        "  10:00:00.000  RECEIVED",
        "  10:00:01.000  VALIDATED",
        "  10:00:02.000  CONFIRMED",
        "CONFIRMED; receipt: http://receipt",
    ]
    assert api.placed == {
        "lines": [{"productId": "lamp", "quantity": 2}],
        "expectedTotal": {"amount": 3998, "currency": "USD"},
        "paymentMethod": "pm_card_visa",
    }
    assert api.headers["Authorization"] == "Bearer token-of-a@example.com"
    assert len(api.headers["Idempotency-Key"]) == 36


def test_order_ends_a_refused_order_with_one_line_and_its_reason(place: Callable[..., Any]) -> None:
    code, lines, err = place(Api("REJECTED", reason="OUT_OF_STOCK"), "--product", "gone")
    assert (code, err) == (1, "order: the order ended REJECTED (OUT_OF_STOCK)\n")
    assert lines[-1] == "  10:00:02.000  REJECTED"


def test_order_names_the_products_when_there_is_no_such_one(place: Callable[..., Any]) -> None:
    _, _, err = place(Api("CONFIRMED"), "--product", "nothing")
    assert err == "order: there is no product 'nothing'; there are: gone, lamp\n"


def test_order_repeats_the_apis_own_words_when_it_refuses(
    place: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api("CONFIRMED")
    problem = {
        "title": "The request is not valid",
        "errors": [{"path": "/lines", "message": "too many"}],
    }
    refuse = api._answer(422, problem)
    real = api.request
    monkeypatch.setattr(
        api,
        "request",
        lambda method, url, **rest: refuse if method == "POST" else real(method, url, **rest),
    )
    _, _, err = place(api)
    assert err == "order: the API answered 422: The request is not valid, too many\n"


def test_a_request_that_nobody_answers_is_one_line() -> None:
    with pytest.raises(
        order.LocalError, match=r"the local cloud does not answer .*: run `make up` again"
    ):
        web.request("GET", "http://127.0.0.1:9/")
