"""Who is asking. The gateway has checked the token; here is checked that it is the right kind."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from handlers.api.problem import Problem


@dataclass(frozen=True)
class Customer:
    """A signed-in customer: the pool's `sub` and the e-mail address that the pool verified."""

    customer_id: str
    email: str


def customer(event: APIGatewayProxyEvent) -> Customer:
    """The customer of an ID token with a verified e-mail address. Raises Problem 401.

    An access token passes a gateway whose methods have no scopes in the emulator; it has no
    e-mail address and is no proof of one, so it is refused here as AWS refuses it.
    """
    authorizer: dict[str, Any] = dict(event.request_context.authorizer or {})
    claims: dict[str, Any] = authorizer.get("claims") or {}
    verified = str(claims.get("email_verified", "")).lower() == "true" and claims.get("email")
    if claims.get("token_use") != "id" or not verified or not claims.get("sub"):
        raise Problem(HTTPStatus.UNAUTHORIZED, "Sign in with a verified e-mail address.")
    return Customer(customer_id=claims["sub"], email=claims["email"])
