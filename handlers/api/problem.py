"""Errors as the API tells them: RFC 9457 problem details, every fault with its path."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a request, and where: `lines[0].quantity`."""

    path: str
    message: str


class Problem(Exception):
    """Stops the request and is told to the client. Never carries a secret or personal data."""

    def __init__(self, status: HTTPStatus, detail: str = "", faults: list[Fault] | None = None):
        super().__init__(detail or status.phrase)
        self.status = status
        self.detail = detail
        self.faults = faults or []

    def response(self) -> Response[str]:
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.faults:
            body["errors"] = [{"path": each.path, "message": each.message} for each in self.faults]
        return Response(
            status_code=self.status,
            content_type="application/problem+json",
            body=json.dumps(body),
            headers={"Cache-Control": "no-store"},
        )


def not_found() -> Problem:
    """What is not there, and what is not the customer's to see: nobody learns which."""
    return Problem(HTTPStatus.NOT_FOUND, "There is nothing here.")


def answer(body: Any, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> Response[str]:
    """A JSON answer that no cache keeps, unless `Cache_Control` says otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status_code=status,
        content_type="application/json",
        body=json.dumps(body),
        headers={"Cache-Control": "no-store"} | named,
    )
