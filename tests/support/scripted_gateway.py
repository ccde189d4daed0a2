"""A payment gateway on a free port of this machine that answers as a script says."""

import enum
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

INTENT = b'{"id": "pi_1", "object": "payment_intent", "amount": 1999}'


class Step(enum.Enum):
    """What becomes of one request."""

    ANSWER = "answered; the connection stays"
    CLOSE_AFTER = "answered; the connection is closed afterwards without a word"
    PACK = "answered in gzip"
    RESET = "read, then the connection is reset"
    HALF = "answered with fewer bytes than announced"
    HANG = "read and never answered"


@dataclass(frozen=True)
class Request:
    """A request as it came; `connection` is the client's port."""

    connection: int
    line: str
    headers: dict[str, Any]
    body: bytes


class ScriptedGateway:
    """Notes every request; after the script's end, each is answered."""

    def __init__(self, script: Sequence[Step] = (), identity: tuple[Path, Path] | None = None):
        """`identity` is the certificate and its key, for TLS."""
        self.requests: list[Request] = []
        self.script = list(script)
        self.closed = threading.Event()
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        if identity:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*identity)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' if identity else ''}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        """Free the port."""
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def scripted_gateway(
    *script: Step, identity: tuple[Path, Path] | None = None
) -> Iterator[ScriptedGateway]:
    """A gateway with this script."""
    gateway = ScriptedGateway(script, identity)
    try:
        yield gateway
    finally:
        gateway.stop()


def _handler_of(gateway: ScriptedGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            gateway.requests.append(
                Request(self.client_address[1], self.requestline, headers, body)
            )
            step = gateway.script.pop(0) if gateway.script else Step.ANSWER
            match step:
                case Step.RESET:
                    _reset(self)
                case Step.HANG:
                    gateway.over.wait()
                    self.close_connection = True
                case _:
                    self._answer(step)

        do_POST = do_GET

        def _answer(self, step: Step) -> None:
            content = gzip.compress(INTENT) if step is Step.PACK else INTENT
            self.send_response(200)
            self.send_header("Content-Length", str(len(content) + (step is Step.HALF)))
            if step is Step.PACK:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = step in (Step.CLOSE_AFTER, Step.HALF)
            if step is Step.CLOSE_AFTER:
                self.connection.shutdown(socket.SHUT_RDWR)
                gateway.closed.set()

        def log_message(self, format: str, *args: object) -> None:
            """Silent: `requests` says what came."""

    return Handler


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Close so that the other side reads a reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for each in (handler.rfile, handler.wfile, handler.connection):
        each.close()
    handler.close_connection = True
