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

from localcloud import settings, web
from localcloud.errors import LocalError
from localcloud.instance import running

SCOPE = "openid email"


def token(arguments: argparse.Namespace) -> int:
    """Prints nothing but the token."""
    print(id_token(running.outputs(settings.state_dir()), arguments.email))
    return 0


def id_token(outputs: Mapping[str, Any], email: str) -> str:
    """The ID token of the customer with this address; the login page creates whoever is not there yet."""
    client_id, sign_in = outputs["userPoolClientId"], outputs["signInUrl"]
    callback = f"{outputs['storefrontUrl']}/signed-in"
    verifier = secrets.token_urlsafe(48)
    code = _authorization_code(sign_in, client_id, callback, verifier, email)
    answer = web.request(
        "POST",
        f"{sign_in}/oauth2/token",
        form={
            "grant_type": "authorization_code",
            "client_id": client_id,
            "code": code,
            "redirect_uri": callback,
            "code_verifier": verifier,
        },
    )
    if answer.status != 200:
        raise LocalError(
            f"no token for {email} ({answer.status}): {answer.body.decode(errors='replace')}"
        )
    return answer.json()["id_token"]


def _authorization_code(
    sign_in: str, client_id: str, callback: str, verifier: str, email: str
) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    state = secrets.token_urlsafe(16)
    form = {
        "client_id": client_id,
        "redirect_uri": callback,
        "response_type": "code",
        "scope": SCOPE,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "username": email,
    }
    login = web.request("POST", f"{sign_in}/login", form=form)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(login.headers.get("Location", "")).query)
    if "code" not in query or query.get("state") != [state]:
        raise LocalError(f"the hosted login refused {email} ({login.status})")
    return query["code"][0]
