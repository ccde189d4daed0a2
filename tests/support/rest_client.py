"""A client of a function of the API, behind a gateway that is not there.

It sends the event that API Gateway would (REST API, proxy integration, payload 1.0:
https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html) and holds every answer
against the contract, so that no test passes on an answer that the document does not know.
"""

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import fastjsonschema

from handlers.api.app import lambda_handler
from handlers.api.contract import document

PROBLEM = "application/problem+json"
_PROBLEM_SCHEMA = "#/components/schemas/Problem"
Function = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """`headers` are by lower-case name; `body` is read from JSON."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with the request: path -> message."""
        return {fault["path"]: fault["message"] for fault in self.body["errors"]}


class RestClient:
    """Sends requests with the claims of one token, or of none, to the customers' function unless told."""

    def __init__(self, claims: dict[str, str] | None, function: Function = lambda_handler):
        self.claims = claims
        self.function = function

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`body` is sent as JSON; text and bytes as they are. `Some_Header="…"` is Some-Header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent = {"Content-Type": "application/json"} | sent
        answer = self.function(self._event(method, path, body, sent), SimpleNamespace())
        return _checked(method, urlsplit(path).path, answer)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def place(self, body: Any, key: str | None = None, **headers: str) -> Answer:
        """POST an order under `key`; a fresh one unless told."""
        named = {"Idempotency_Key": key or uuid.uuid4().hex} | headers
        return self.request("POST", "/api/orders", body, **named)

    def _event(self, method: str, path: str, body: Any, headers: dict[str, str]) -> dict[str, Any]:
        split = urlsplit(path)
        query = dict(parse_qsl(split.query, keep_blank_values=True))
        return {
            "resource": "/{proxy+}",
            "path": split.path,
            "httpMethod": method,
            "headers": headers or None,
            "multiValueHeaders": {name: [value] for name, value in headers.items()} or None,
            "queryStringParameters": query or None,
            "multiValueQueryStringParameters": {k: [v] for k, v in query.items()} or None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {
                "httpMethod": method,
                "path": f"/live{split.path}",
                "stage": "live",
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": "192.0.2.1"},
                **({"authorizer": {"claims": self.claims}} if self.claims is not None else {}),
            },
            **_encoded(body),
        }


def _encoded(body: Any) -> dict[str, Any]:
    """The gateway passes what is not text in base64."""
    if isinstance(body, bytes):
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return {"body": text, "isBase64Encoded": False}


def _checked(method: str, path: str, answer: dict[str, Any]) -> Answer:
    assert set(answer) == {"statusCode", "body", "isBase64Encoded", "multiValueHeaders"}
    assert answer["isBase64Encoded"] is False
    headers = {k.lower(): ", ".join(v) for k, v in answer["multiValueHeaders"].items()}
    found = Answer(int(answer["statusCode"]), headers, json.loads(answer["body"]))
    problem = {"schema": {"$ref": _PROBLEM_SCHEMA}}
    responses = _operation(method, path).get("responses", {})
    documented = responses.get(str(found.status))
    content = documented["content"] if documented else {PROBLEM: problem}
    assert found.headers["content-type"] in content, f"{found.status}: {found.headers}"
    _validator(content[found.headers["content-type"]]["schema"]["$ref"])(found.body)
    if not documented:
        assert found.body["status"] == found.status >= 400, found
    return found


@cache
def _validator(reference: str) -> Callable[[Any], Any]:
    return fastjsonschema.compile({"$ref": reference, "components": document()["components"]})


def _operation(method: str, path: str) -> dict[str, Any]:
    for template, operations in document()["paths"].items():
        parts, wanted = path.split("/"), template.split("/")
        if len(parts) == len(wanted) and all(
            part == want or want.startswith("{") for part, want in zip(parts, wanted, strict=True)
        ):
            return operations.get("get" if method == "HEAD" else method.lower(), {})
    return {}


def token(name: str, **changes: str) -> dict[str, str]:
    """The claims of an ID token, as the gateway passes them: every value is text."""
    claims = {
        "sub": f"customer-{name}",
        "email": f"{name}@example.com",
        "email_verified": "true",
        "token_use": "id",
        "cognito:username": f"customer-{name}",
    }
    return claims | changes
