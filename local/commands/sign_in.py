"""`token`: signs a customer in the way the storefront does, and prints the ID token.

Hosted login with an authorisation code and PKCE (RFC 7636), because the web client allows nothing else.
"""

import argparse
import base64
import hashlib
import secrets
import urllib.parse
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local import running, settings, web
from local.errors import LocalError
from local.provision.aws import Aws

PASSWORD = "Local-cloud-password-1"
SCOPE = "openid email"


def token(arguments: argparse.Namespace) -> int:
    """Prints nothing but the token."""
    print(id_token(running.outputs(settings.state_dir()), arguments.email))
    return 0


def id_token(outputs: Mapping[str, Any], email: str) -> str:
    """The ID token of the customer with this address, who is created, confirmed and verified if need be."""
    aws = Aws(outputs["endpointUrl"])
    try:
        _ensure_customer(aws, outputs["userPoolId"], email)
        key = {"UserPoolId": outputs["userPoolId"], "ClientId": outputs["userPoolClientId"]}
        client = aws.cognito_idp.describe_user_pool_client(**key)["UserPoolClient"]
    except (ClientError, BotoCoreError) as error:
        raise LocalError(f"cannot create the customer {email}: {error}") from None
    return _sign_in(outputs["endpointUrl"], client["ClientId"], client["CallbackURLs"][0], email)


def _ensure_customer(aws: Aws, pool: str, email: str) -> None:
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        aws.cognito_idp.admin_create_user(
            UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
        )
    except aws.cognito_idp.exceptions.UsernameExistsException:
        aws.cognito_idp.admin_update_user_attributes(
            UserPoolId=pool, Username=email, UserAttributes=attributes
        )
    aws.cognito_idp.admin_set_user_password(
        UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True
    )


def _sign_in(endpoint: str, client_id: str, callback: str, email: str) -> str:
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    authorization = {
        "client_id": client_id,
        "redirect_uri": callback,
        "response_type": "code",
        "scope": SCOPE,
        "state": secrets.token_urlsafe(16),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    form = authorization | {"username": email, "password": PASSWORD}
    login = web.request("POST", f"{endpoint}/login", form=form)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(login.headers.get("Location", "")).query)
    if "code" not in query or query.get("state") != [authorization["state"]]:
        raise LocalError(f"the hosted login refused {email} ({login.status})")
    answer = web.request(
        "POST",
        f"{endpoint}/oauth2/token",
        form={
            "grant_type": "authorization_code",
            "client_id": client_id,
            "code": query["code"][0],
            "redirect_uri": callback,
            "code_verifier": verifier,
        },
    )
    if answer.status != 200:
        raise LocalError(
            f"no token for {email} ({answer.status}): {answer.body.decode(errors='replace')}"
        )
    return answer.json()["id_token"]
