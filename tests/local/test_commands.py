"""The commands that a person runs, against a toy or, for `order`, against an API of canned answers."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components import order_workflow
from local.__main__ import main
from localcloud import web
from localcloud.errors import LocalError
from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import Toy

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
pulumi.export("storefrontUrl", "http://localhost:5173")
pulumi.export("signInUrl", pulumi.Config().require("signInUrl"))
pulumi.export("userPoolClientId", client.id)
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> dict[str, Any]:
    module_toy.program(PROGRAM)
    return module_toy.up(signInUrl=f"http://127.0.0.1:{module_toy.port}")


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
    assert "end-of-invocation" not in out
    assert run("logs", "--since", "0s")[1] == ""
    assert run("logs", "nobody") == (1, "", "logs: no function's name contains 'nobody'\n")


def test_definition_prints_the_state_machine_and_needs_no_running_cloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOCAL_STATE_DIR", str(tmp_path))
    assert main(["definition"]) == 0
    assert json.loads(capsys.readouterr().out) == order_workflow.definition()


@pytest.mark.parametrize(
    "argv", [["order"], ["token", "a@example.com"], ["mail"], ["logs"]], ids=lambda argv: argv[0]
)
def test_without_up_every_command_says_so(
    argv: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOCAL_STATE_DIR", str(tmp_path))
    assert main(argv) == 1
    said = capsys.readouterr().err
    assert said == f"{argv[0]}: the local cloud is not running: `up` starts it\n"


@pytest.mark.parametrize(
    "argv", [["order", "--quantity", "0"], ["logs", "--since", "soon"], ["nonsense"], []], ids=str
)
def test_wrong_arguments_are_explained(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(argv)
    assert raised.value.code == 2
    assert "usage: python -m local" in capsys.readouterr().err


def test_a_request_that_nobody_answers_is_one_line() -> None:
    with pytest.raises(LocalError, match=r"the local cloud does not answer .*: run `up` again"):
        web.request("GET", "http://127.0.0.1:9/")
