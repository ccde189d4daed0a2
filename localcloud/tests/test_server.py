"""The emulator's HTTP server: what clients of AWS may do on a connection, on both ports."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn

from localcloud.emulator import process, server
from localcloud.emulator.guard import Receive, Scope, Send
from localcloud.provision.aws import Aws
from localcloud.tests.support.connection import Connection, WebSocket
from localcloud.tests.support.toy import Toy

LARGE = os.urandom(1024) * 20_000
CALL = json.dumps({"do": "nothing"}).encode()


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    module_toy.use("emulator")
    return module_toy.up()


@pytest.fixture
def port(outputs: Mapping[str, Any], shared_cloud: tuple[Path, int]) -> int:
    assert outputs
    return shared_cloud[1]


@pytest.fixture
def function(outputs: Mapping[str, Any]) -> str:
    """The head of a request that calls a function by its URL, up to what says how its body is sent."""
    url = urlsplit(outputs["url"])
    return f"POST {url.path} HTTP/1.1\nHost: {url.netloc}\nContent-Type: application/json"


@pytest.fixture
def channel(outputs: Mapping[str, Any], aws: Aws) -> Iterator[str]:
    """The path of a WebSocket API whose function answers each message with the connection's id."""
    gateway = aws.apigatewayv2
    api_id = gateway.create_api(
        Name="channel", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    )["ApiId"]
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"
    integration = gateway.create_integration(
        ApiId=api_id,
        IntegrationType="AWS_PROXY",
        IntegrationUri=f"{uri}/{outputs['connected']}/invocations",
    )["IntegrationId"]
    gateway.create_route(ApiId=api_id, RouteKey="$default", Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=api_id, StageName="live")
    yield f"/_aws/execute-api/{api_id}/live"
    gateway.delete_api(ApiId=api_id)


def test_a_websocket_carries_answers_and_what_the_server_says_by_itself(
    channel: str, port: int
) -> None:
    client = WebSocket(port, channel, "localhost")
    client.say("who am I?")
    connection_id = client.hear()
    live = Aws(f"http://127.0.0.1:{port}{channel}")
    live.apigatewaymanagementapi.post_to_connection(ConnectionId=connection_id, Data=b"news")
    assert client.hear() == "news"
    client.close()


@pytest.mark.parametrize(("offset", "host"), [(0, "evil.example"), (1, "localhost")])
def test_a_websocket_of_a_foreign_host_or_at_the_site_is_refused(
    channel: str, port: int, offset: int, host: str
) -> None:
    with pytest.raises(ConnectionError, match="403"):
        WebSocket(port + offset, channel, host)


def test_a_client_that_waits_for_100_continue_gets_it_before_it_sends_its_body(
    port: int, function: str
) -> None:
    with Connection(port) as connection:
        connection.send(f"{function}\nContent-Length: {len(CALL)}\nExpect: 100-continue")
        assert connection.answer().status == 100
        connection.socket.sendall(CALL)
        assert connection.answer().status == 200


def test_a_body_in_chunks_is_one_body(port: int, function: str) -> None:
    pieces = (CALL[:3], CALL[3:], b"")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces)
    with Connection(port) as connection:
        connection.send(f"{function}\nTransfer-Encoding: chunked", chunks)
        answer = connection.answer()
    assert answer.status == 200
    assert "span" in json.loads(answer.body)


def test_a_large_body_goes_in_and_out_unchanged(outputs: Mapping[str, Any], aws: Aws) -> None:
    where = {"Bucket": outputs["bucket"], "Key": "large"}
    aws.s3.put_object(**where, Body=LARGE)
    assert aws.s3.get_object(**where)["Body"].read() == LARGE


@pytest.mark.parametrize(("offset", "path"), [(0, "/_ministack/health"), (1, "/")])
def test_requests_sent_at_once_on_one_connection_are_answered_in_order(
    port: int, offset: int, path: str
) -> None:
    with Connection(port + offset) as connection:
        for _ in range(2):  # and again on the same connection, which is kept
            connection.send(f"HEAD {path} HTTP/1.1\nHost: localhost")
            connection.send(f"GET {path} HTTP/1.1\nHost: evil.example")
            connection.send(f"GET {path} HTTP/1.1\nHost: localhost")
            head, refused, get = (connection.answer(to) for to in ("HEAD", "GET", "GET"))
            assert (refused.status, head.status) == (403, get.status)
            assert get.body not in (b"", refused.body)


def test_a_request_has_nothing_of_the_one_before_it_on_its_connection() -> None:
    caller = ContextVar("caller", default="nobody")

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            return
        found = caller.get().encode()
        caller.set(scope["path"])
        headers = [(b"content-length", str(len(found)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": found})

    def found_by(port: int) -> list[bytes]:
        with Connection(port) as connection:
            for caller in ("first", "second", "third"):
                connection.send(f"GET /{caller} HTTP/1.1\nHost: localhost")
            return [connection.answer().body for _ in range(3)]

    async def run() -> list[bytes]:
        running = uvicorn.Server(server.config(application))
        listening = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(running.serve([listening]))
        answers = await asyncio.to_thread(found_by, listening.getsockname()[1])
        running.should_exit = True
        await serving
        return answers

    assert asyncio.run(run()) == [b"nobody"] * 3


def test_sigterm_ends_it_though_a_request_runs_and_a_connection_is_kept(
    lone_toy: Toy, tmp_path: Path
) -> None:
    lone_toy.use("emulator")
    aws = Aws(lone_toy.up()["endpointUrl"])
    emulator = process.find(lone_toy.state_dir)
    assert emulator is not None
    began = tmp_path / "began"
    event = json.dumps({"do": "hang", "began": str(began)})
    with Connection(emulator.port) as connection, ThreadPoolExecutor(1) as pool:
        connection.send("GET /_ministack/health HTTP/1.1\nHost: localhost")
        assert connection.answer().status == 200
        call = pool.submit(aws.lambda_.invoke, FunctionName="orders-dev-one", Payload=event)
        while not began.exists() and not call.done():
            time.sleep(0.02)
        os.kill(emulator.pid, signal.SIGTERM)
        assert ended_by(emulator.pid) == signal.SIGTERM
        assert call.exception() is not None


def ended_by(pid: int) -> int:
    """The signal that ended the process, before it would have been killed."""
    deadline = time.monotonic() + process.STOP_DEADLINE
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.WTERMSIG(status)
        time.sleep(0.02)
    raise AssertionError("it still runs")
