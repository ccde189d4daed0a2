"""One connection to a server, to the byte: HTTP as a test writes it, and a WebSocket."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Message, RejectConnection
from wsproto.events import Request as Upgrade

DEADLINE = 20  # seconds; reached only if the server is broken


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """HTTP/1.1 on one connection, requests as bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self._reader = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._reader.close()
        self.socket.close()

    def send(self, head: str, body: bytes = b"") -> None:
        """Sends the lines of a head, and a body as it is."""
        lines = [line.strip() for line in head.strip().splitlines()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def answer(self, to: str = "GET") -> Answer:
        """The next answer, 1xx ones too; one to HEAD has no body."""
        status = int(self._reader.readline().split()[1])
        headers = http.client.parse_headers(self._reader)
        length = 0 if to == "HEAD" or status < 200 else int(headers["Content-Length"])
        return Answer(status, dict(headers.items()), self._reader.read(length))


class WebSocket:
    """A client's end of a WebSocket; ConnectionError with the answer's status if it is refused."""

    def __init__(self, port: int, target: str, host: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self._state = WSConnection(ConnectionType.CLIENT)
        self._socket.sendall(self._state.send(Upgrade(host=host, target=target)))
        answer = self._next()
        if isinstance(answer, RejectConnection):
            self._socket.close()
            raise ConnectionError(answer.status_code)
        assert isinstance(answer, AcceptConnection)

    def say(self, text: str) -> None:
        self._socket.sendall(self._state.send(Message(text)))

    def hear(self) -> str:
        """The next message."""
        event = self._next()
        assert isinstance(event, Message), event
        return str(event.data)

    def close(self) -> None:
        """Closes it as a client should, and waits for the server's consent."""
        self._socket.sendall(self._state.send(CloseConnection(1000)))
        assert isinstance(self._next(), CloseConnection)
        self._socket.close()

    def _next(self) -> Event:
        while True:
            for event in self._state.events():
                return event
            self._state.receive_data(self._socket.recv(65536) or None)
