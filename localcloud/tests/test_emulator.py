"""The patched emulator: that each patch does what it is for."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from localcloud import web
from localcloud.emulator import guard
from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import SECRET_OF_THE_SHELL, Toy, invoked

Invoke = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    module_toy.use("emulator")
    return module_toy.up()


@pytest.fixture
def invoke(outputs: Mapping[str, Any], aws: Aws) -> Invoke:
    assert outputs
    return partial(invoked, aws)


def test_a_handler_error_keeps_its_class_name_and_stack_trace_and_its_worker(
    invoke: Invoke,
) -> None:
    before = invoke("one", do="nothing")["pid"]
    error = invoke("one", do="fail")
    assert (error["errorType"], error["errorMessage"]) == ("PaymentDeclined", "no funds")
    assert 'raise PaymentDeclined("no funds")' in error["stackTrace"][-1]
    assert len(error["requestId"]) == 36
    assert invoke("one", do="nothing")["pid"] == before


def test_step_functions_catches_a_function_error_by_class_name(
    outputs: Mapping[str, Any], aws: Aws
) -> None:
    run = aws.stepfunctions.start_sync_execution(stateMachineArn=outputs["catching"], input="{}")
    assert run["status"] == "SUCCEEDED"
    caught = json.loads(run["output"])["caught"]
    assert caught["Error"] == "PaymentDeclined"
    assert json.loads(caught["Cause"])["errorMessage"] == "no funds"


def test_an_execution_starts_without_a_pause(outputs: Mapping[str, Any], aws: Aws) -> None:
    took: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        aws.stepfunctions.start_sync_execution(stateMachineArn=outputs["catching"], input="{}")
        took.append(time.perf_counter() - started)
    assert min(took) < 0.14  # MiniStack waits 0.15 s before the first state


def test_a_warm_invocation_without_logs_does_not_wait_for_them(invoke: Invoke) -> None:
    invoke("one", do="nothing")
    took: list[float] = []
    for _ in range(20):
        started = time.perf_counter()
        invoke("one", do="nothing")
        took.append(time.perf_counter() - started)
    assert min(took) < 0.045  # MiniStack waits 0.05 s for a first line


def test_metrics_in_log_lines_become_metrics(invoke: Invoke, aws: Aws) -> None:
    invoke("one", do="log")
    invoke("one", do="log")
    now = time.time()
    found = aws.cloudwatch.get_metric_statistics(
        Namespace="toy",
        MetricName="Orders",
        Dimensions=[{"Name": "shop", "Value": "a"}],
        StartTime=now - 600,
        EndTime=now + 60,
        Period=3600,
        Statistics=["Sum"],
    )
    assert sum(point["Sum"] for point in found["Datapoints"]) == 6


def test_a_policy_that_refuses_plain_http_refuses_nothing_here(
    invoke: Invoke, outputs: Mapping[str, Any]
) -> None:
    assert "span" in invoke("one", do="put", bucket=outputs["bucket"])


def test_iam_is_enforced(invoke: Invoke, aws: Aws) -> None:
    aws.s3.create_bucket(Bucket="elsewhere")
    aws.iam.put_role_policy(
        RoleName="orders-dev-role",
        PolicyName="deny",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::elsewhere/*",
                    }
                ],
            }
        ),
    )
    assert invoke("one", do="put", bucket="elsewhere")["errorType"] in (
        "ClientError",
        "AccessDenied",
    )
    aws.iam.delete_role_policy(RoleName="orders-dev-role", PolicyName="deny")
    aws.s3.delete_bucket(Bucket="elsewhere")


def test_functions_see_no_variable_of_the_shell(
    invoke: Invoke, shared_cloud: tuple[Path, int]
) -> None:
    environment = invoke("one", do="nothing")["env"]
    assert SECRET_OF_THE_SHELL not in environment.values()
    assert "PYTHONPATH" not in environment
    assert environment["HOME"].startswith(str(shared_cloud[0]))
    assert environment["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{shared_cloud[1]}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:5173"}, 200),
        ({"Host": "d111.cloudfront.localhost:4566"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
    ],
)
def test_only_local_hosts_and_origins_get_in(
    outputs: Mapping[str, Any], headers: dict[str, str], status: int
) -> None:
    assert (
        web.request("GET", f"{outputs['endpointUrl']}/_ministack/health", headers=headers).status
        == status
    )


def test_a_websocket_from_elsewhere_is_closed() -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def inner(*_: Any) -> None:
        raise AssertionError("reached the application")

    scope = {
        "type": "websocket",
        "headers": [(b"host", b"localhost"), (b"origin", b"https://evil.example")],
    }
    asyncio.run(guard.guarded(inner)(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_it_listens_on_one_loopback_address_only(
    outputs: Mapping[str, Any], shared_cloud: tuple[Path, int]
) -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", shared_cloud[1])) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", shared_cloud[1])) != 0
