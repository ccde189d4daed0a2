"""Patch: requests from other web pages are refused. MiniStack answers any Host and any Origin, with CORS `*`.

Without it a page open in the developer's browser can create and run a Lambda function on the laptop (a CreateFunction
as `text/plain` needs no preflight), and DNS rebinding gets past the binding to 127.0.0.1.

A page at a function's URL can be opened, and can post forms to itself, unless its Referrer-Policy is `no-referrer`:
its origin would then be `null`, as that of a foreign page may be:
https://fetch.spec.whatwg.org/#append-a-request-origin-header
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ministack import app

from localcloud.emulator import anchors

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = r"(127\.0\.0\.1|localhost|\[::1\]|[a-z0-9.-]+\.localhost)(:\d+)?"
HOST = re.compile(LOOPBACK, re.IGNORECASE)
ORIGIN = re.compile(f"https?://{LOOPBACK}", re.IGNORECASE)
REFUSAL = b"host or origin is not local\n"


def apply() -> None:
    """Puts the guard before MiniStack's ASGI application."""
    anchors.has_parameters(app, "app", "scope receive send")
    original: Any = app.app
    app.app = guarded(original)


def guarded(inner: Application) -> Application:
    """The application behind the guard: 403, or close code 1008 for a WebSocket, unless host and origin are local."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _is_local(scope["headers"]):
            await inner(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            length = str(len(REFUSAL)).encode()
            headers = [(b"content-type", b"text/plain"), (b"content-length", length)]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSAL})

    return application


def _is_local(headers: list[tuple[bytes, bytes]]) -> bool:
    hosts = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    origins = [value.decode("latin-1") for name, value in headers if name.lower() == b"origin"]
    return (
        bool(hosts)
        and all(HOST.fullmatch(host) for host in hosts)
        and all(ORIGIN.fullmatch(origin) for origin in origins)
    )
