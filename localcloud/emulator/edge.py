"""Patch: the site at an address of its own, `http://localhost:<port + 1>`.

MiniStack serves a distribution only under a host name that it makes up, and compresses nothing. A second port of the
same process takes viewers' requests to the one distribution there is, compressed where CloudFront would do so. The
port counts as HTTPS, as the loopback interface does elsewhere: a redirect to https would lead nowhere.
docs/adr/0011-the-local-edge.md has the reasons.
"""

import gzip
import os
from email.utils import formatdate
from functools import lru_cache
from typing import Any, cast
from urllib.parse import parse_qs

from ministack import app
from ministack.services import cloudfront as untyped_cloudfront

from localcloud.emulator import anchors
from localcloud.emulator.guard import Application, Receive, Scope, Send
from localcloud.json_values import is_array

cloudfront = cast(Any, untyped_cloudfront)
PORT = "LOCAL_EDGE_PORT"
SMALLEST, LARGEST = 1_000, 10_000_000  # bytes; CloudFront compresses nothing smaller or larger
COMPRESSED = (
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/xml",
    "image/svg+xml",
    "image/x-icon",
    "text/",
)
"""Of CloudFront's list those that a site may have:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html"""
NOT_YET = b"There is no site yet: run `up`.\n"

Fields = dict[str, Any]
"""Header fields; one that is repeated has a list."""


def apply() -> None:
    """Sends what arrives at the second port to the distribution."""
    anchors.has_parameters(app, "app", "scope receive send")
    anchors.has_parameters(
        cloudfront,
        "handle_viewer_request",
        "dist method path raw_uri raw_query_string headers body query_params client_ip",
    )
    anchors.has_parameters(cloudfront, "cache_policy_params", "policy_id")
    anchors.has_parameters(cloudfront, "parse_distribution_dataplane_config", "dist")
    original: Any = app.app
    app.app = fronted(original, port())


def port() -> int:
    """Return the second port."""
    return int(os.environ[PORT])


def fronted(inner: Application, port: int) -> Application:
    """The application, with the distribution in its place on this port."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if (scope.get("server") or ("", 0))[1] != port:
            await inner(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _answer(scope, receive, send)

    return application


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    body = await _body(receive)
    distributions: list[Any] = list(cloudfront._distributions.values())
    if distributions:
        status, headers, content = await _served(distributions[-1], scope, body)
    else:
        status, headers, content = 503, {"content-type": "text/plain"}, NOT_YET
    headers.setdefault("date", formatdate(usegmt=True))
    if scope["method"] != "HEAD" and status not in (204, 304):
        headers["content-length"] = str(len(content))
    fields = [
        (name.encode("latin-1"), str(value).encode("latin-1"))
        for name, given in headers.items()
        for value in (given if is_array(given) else [given])
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send(
        {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content}
    )


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _served(distribution: Any, scope: Scope, body: bytes) -> tuple[int, Fields, bytes]:
    """The distribution's answer, with header names in lower case."""
    sent = _fields(scope)
    query = scope["query_string"].decode("latin-1")
    status, headers, content = await cloudfront.handle_viewer_request(
        distribution,
        scope["method"],
        scope["path"],
        scope["raw_path"].decode("latin-1"),
        query,
        # The entity tag of a compressed answer is the file's own, marked weak.
        sent | {"if-none-match": sent.get("if-none-match", "").replace("W/", "")},
        body,
        parse_qs(query, keep_blank_values=True),
        (scope.get("client") or ("127.0.0.1",))[0],
    )
    found: Fields = {name.lower(): value for name, value in headers.items()}
    if status in (200, 403, 404) and _compresses(distribution, scope["path"]):
        return status, *compressed(found, content, sent.get("accept-encoding", ""))
    return status, found, content


def _fields(scope: Scope) -> dict[str, str]:
    """The request's headers as MiniStack reads them, over HTTPS."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        separator = "; " if name == "cookie" else ", "
        fields[name] = f"{fields[name]}{separator}{value}" if name in fields else value
    return fields | {"x-forwarded-proto": "https"}


def _compresses(distribution: Any, path: str) -> bool:
    """Whether the cache policy for the path has compressed answers; without one, CloudFront makes none."""
    config: Any = cloudfront.parse_distribution_dataplane_config(distribution)
    behaviour = cloudfront._match_behavior(config, path)
    policy: Fields = cloudfront.cache_policy_params(behaviour["cache_policy_id"]) or {}
    return bool(policy.get("EnableAcceptEncodingGzip"))


def compressed(headers: Fields, body: bytes, accepted: str) -> tuple[Fields, bytes]:
    """Fields and body as CloudFront sends them to a browser that accepts these encodings."""
    kind = str(headers.get("content-type", ""))
    if not kind.startswith(COMPRESSED) or "content-encoding" in headers:
        return headers, body
    headers = headers | {"vary": "Accept-Encoding"}
    if not SMALLEST <= len(body) <= LARGEST or not _accepts_gzip(accepted):
        return headers, body
    tag = {"etag": f"W/{headers['etag']}"} if "etag" in headers else {}
    return headers | tag | {"content-encoding": "gzip"}, _gzip(body)


def _accepts_gzip(accepted: str) -> bool:
    wanted = [each.replace(" ", "").lower() for each in accepted.split(",")]
    return any(each.partition(";")[0] == "gzip" and each != "gzip;q=0" for each in wanted)


@lru_cache(maxsize=64)
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)
