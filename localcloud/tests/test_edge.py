"""The storefront's address: the distribution as viewers see it, and nothing else of the emulator."""

import asyncio
import gzip
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from localcloud import web
from localcloud.emulator import edge
from localcloud.errors import LocalError
from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import PROGRAMS, Toy, up_every_type

SITE = PROGRAMS / "every_type" / "site"
LONG = (SITE / "long.txt").read_bytes()
SHORT = (SITE / "index.html").read_bytes()


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    return up_every_type(module_toy)


@pytest.fixture
def address(outputs: Mapping[str, Any], shared_cloud: tuple[Path, int]) -> str:
    assert outputs
    return f"http://127.0.0.1:{shared_cloud[1] + 1}"


def test_the_distribution_is_served_over_plain_http_without_a_redirect(address: str) -> None:
    page = web.request("GET", f"{address}/")
    assert (page.status, page.body) == (200, SHORT)
    assert page.headers["Content-Type"] == "text/html"
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["X-Toy"] == "yes"
    assert page.headers["Strict-Transport-Security"] == "max-age=60"


def test_a_file_that_is_not_there_is_a_404_where_the_distribution_may_list_the_bucket(
    address: str, aws: Aws
) -> None:
    assert web.request("GET", f"{address}/nope.txt").status == 404
    bucket = {"Bucket": "orders-dev-site"}
    policy = aws.s3.get_bucket_policy(**bucket)["Policy"]
    read_only = policy.replace('"s3:ListBucket"', '"s3:GetObjectTagging"')
    aws.s3.put_bucket_policy(**bucket, Policy=read_only)
    try:
        assert web.request("GET", f"{address}/nope.txt").status == 403
        assert web.request("GET", f"{address}/long.txt").status == 200
    finally:
        aws.s3.put_bucket_policy(**bucket, Policy=policy)


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip", "gzip;q=0.5, deflate"])
def test_text_is_compressed_for_who_accepts_it(address: str, accepted: str) -> None:
    answer = web.request("GET", f"{address}/long.txt", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.body) == LONG
    assert len(answer.body) == int(answer.headers["Content-Length"]) < len(LONG) / 2


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "gzipped"])
def test_text_is_sent_as_it_is_to_who_does_not(address: str, accepted: str) -> None:
    answer = web.request("GET", f"{address}/long.txt", headers={"Accept-Encoding": accepted})
    assert (answer.headers["Content-Encoding"], answer.body) == (None, LONG)
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_is_short_or_no_text_or_not_cached_is_not_compressed(address: str) -> None:
    """CloudFront's rules: 1,000 bytes, a list of types, a cache policy that knows compression."""
    accept = {"Accept-Encoding": "gzip"}
    for path in ("/", "/keyed"):
        answer = web.request("GET", f"{address}{path}", headers=accept)
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, None)
    picture = {"content-type": "image/png"}
    assert edge.compressed(picture, LONG, "gzip") == (picture, LONG)
    done = {"content-type": "text/plain", "content-encoding": "br"}
    assert edge.compressed(done, LONG, "gzip") == (done, LONG)


def test_a_browser_that_has_the_file_is_told_so(address: str) -> None:
    for accepted in ("gzip", "identity"):
        headers = {"Accept-Encoding": accepted}
        tag = web.request("GET", f"{address}/long.txt", headers=headers).headers["ETag"]
        again = web.request("GET", f"{address}/long.txt", headers=headers | {"If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")


def test_head_says_what_get_would(address: str) -> None:
    head = web.request("HEAD", f"{address}/long.txt")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(LONG))


def test_the_api_lets_in_who_comes_through_the_distribution_alone(
    address: str, outputs: Mapping[str, Any]
) -> None:
    assert web.request("GET", f"{outputs['apiUrl']}/keyed").status == 403
    assert web.request("GET", f"{address}/keyed").json()["v"] == 1
    forged = web.request("GET", f"{address}/keyed", headers={"x-api-key": "a viewer's own"})
    assert forged.status == 200


@pytest.mark.parametrize("path", ["/_ministack/health", "/oauth2/authorize", "/health"])
def test_the_emulators_own_routes_are_not_there(address: str, path: str) -> None:
    assert web.request("GET", f"{address}{path}").status == 404


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_only_local_hosts_and_origins_get_in(address: str, headers: dict[str, str]) -> None:
    assert web.request("GET", f"{address}/", headers=headers).status == 403


def test_it_listens_on_one_loopback_address_only(address: str) -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", int(address.rpartition(":")[2]))) != 0


def test_a_websocket_is_closed() -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def inner(*_: Any) -> None:
        raise AssertionError("reached the emulator")

    scope = {"type": "websocket", "server": ("127.0.0.1", 4567), "headers": []}
    asyncio.run(edge.fronted(inner, 4567)(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_an_edit_of_router_headers_caching_and_behaviours_is_served(
    address: str, module_toy: Toy
) -> None:
    program = module_toy.directory / "delivery.py"
    before = program.read_text()
    edits = {
        "event.request.uri === '/'": "event.request.uri === '/start'",
        '"value": "yes"': '"value": "no"',
        '"enable_accept_encoding_gzip": True': '"enable_accept_encoding_gzip": False',
        '"path_pattern": "/keyed"': '"path_pattern": "/key*"',
    }
    for old, new in edits.items():
        assert old in program.read_text()
        program.write_text(program.read_text().replace(old, new))
    module_toy.up()
    assert module_toy.did("updated") == ["distribution", "headers", "policy", "router"]
    started = web.request("GET", f"{address}/start", headers={"Accept-Encoding": "gzip"})
    assert (started.status, started.headers["X-Toy"]) == (200, "no")
    assert web.request("GET", f"{address}/").status == 404
    long = web.request("GET", f"{address}/long.txt", headers={"Accept-Encoding": "gzip"})
    assert long.body == LONG
    program.write_text(before)
    module_toy.up()
    assert web.request("GET", f"{address}/").status == 200


def test_an_origin_is_made_with_all_that_is_said_of_it_or_not_at_all(lone_toy: Toy) -> None:
    lone_toy.program("""
        aws.cloudfront.Distribution(
            "distribution", enabled=True,
            origins=[{"origin_id": "a", "domain_name": "a.example.com", "connection_attempts": 2}],
            default_cache_behavior={
                "target_origin_id": "a", "viewer_protocol_policy": "https-only",
                "allowed_methods": ["GET", "HEAD"], "cached_methods": ["GET", "HEAD"]},
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate={"cloudfront_default_certificate": True})
        """)
    with pytest.raises(LocalError, match="does not know an origin's connectionAttempts"):
        lone_toy.up()


def test_before_there_is_a_distribution_it_says_what_to_do(toy: Toy) -> None:
    toy.program("")
    toy.up()
    answer = web.request("GET", f"http://127.0.0.1:{toy.port + 1}/")
    assert (answer.status, answer.headers["Content-Type"]) == (503, "text/plain")
    assert b"run `up`" in answer.body
