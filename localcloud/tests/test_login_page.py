"""Signing in on the local cloud: one click, and behind it the same code flow as everywhere."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from localcloud import web
from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import Toy, up_every_type

VERIFIER = "v" * 64
CALLBACK = "http://localhost:1/in"
ORIGIN = {"Origin": "http://localhost:4567"}


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    return up_every_type(module_toy)


def asked(outputs: Mapping[str, Any], **other: str) -> dict[str, str]:
    """What the storefront sends along."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    return {
        "client_id": outputs["userPoolClientId"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email",
        "state": 'a"<b',
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **other,
    }


def page(outputs: Mapping[str, Any], **other: str) -> web.Response:
    query = urlencode(asked(outputs, **other))
    return web.request("GET", f"{outputs['endpointUrl']}/oauth2/authorize?{query}")


def submit(outputs: Mapping[str, Any], email: str, **other: str) -> web.Response:
    form = asked(outputs, **other) | {"username": email}
    return web.request("POST", f"{outputs['endpointUrl']}/login", form=form)


def redeem(outputs: Mapping[str, Any], **form: str) -> web.Response:
    form = {"client_id": outputs["userPoolClientId"], **form}
    return web.request("POST", f"{outputs['endpointUrl']}/oauth2/token", form=form, headers=ORIGIN)


def tokens(outputs: Mapping[str, Any], email: str, verifier: str = VERIFIER) -> web.Response:
    sent = submit(outputs, email)
    query = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert (sent.status, query["state"]) == (302, ['a"<b'])
    flow = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    return redeem(outputs, **flow, code=query["code"][0], code_verifier=verifier)


def claims(answer: web.Response) -> Any:
    body = answer.json()["id_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def test_the_page_says_that_it_is_local_and_takes_one_click(outputs: Mapping[str, Any]) -> None:
    text = page(outputs).body.decode()
    assert "Local cloud: no password needed." in text
    assert 'type="password"' not in text
    assert re.findall(r'type="email".* value="([^"]+)"', text) == ["customer@example.com"]
    assert len(re.findall("<button", text)) == len(re.findall("<h1", text)) == 1
    assert '<html lang="en">' in text
    assert '<label for="username">' in text
    assert "<title>" in text
    assert 'value="a&quot;&lt;b"' in text  # nothing of the request becomes markup


def test_whoever_asks_is_created_with_a_verified_address_and_is_the_same_customer_again(
    outputs: Mapping[str, Any], aws: Aws
) -> None:
    first, again = (claims(tokens(outputs, "ada@example.com")) for _ in range(2))
    assert (first["email"], first["email_verified"]) == ("ada@example.com", True)
    assert first["sub"] == again["sub"] != claims(tokens(outputs, "bob@example.com"))["sub"]
    users = aws.cognito_idp.list_users(UserPoolId=outputs["userPoolId"])["Users"]
    assert {each["UserStatus"] for each in users} == {"CONFIRMED"}


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@example.com"])
def test_what_is_no_address_is_told_so(outputs: Mapping[str, Any], email: str) -> None:
    answer = submit(outputs, email)
    assert answer.status == 200
    assert 'role="alert"' in answer.body.decode()


def test_a_code_needs_its_verifier(outputs: Mapping[str, Any]) -> None:
    assert tokens(outputs, "ada@example.com", verifier="w" * 64).status == 400


def test_an_address_or_a_client_that_is_not_registered_gets_nothing(
    outputs: Mapping[str, Any],
) -> None:
    for wrong in ({"redirect_uri": "http://localhost:2/in"}, {"client_id": "unknown"}):
        assert page(outputs, **wrong).status == 400
        assert submit(outputs, "ada@example.com", **wrong).status == 400


def test_a_session_is_renewed_from_the_storefronts_page(outputs: Mapping[str, Any]) -> None:
    refresh = tokens(outputs, "ada@example.com").json()["refresh_token"]
    renewed = redeem(outputs, grant_type="refresh_token", refresh_token=refresh)
    assert claims(renewed)["email"] == "ada@example.com"
    assert renewed.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN["Origin"])


def test_signing_out_leads_back_to_registered_addresses_alone(outputs: Mapping[str, Any]) -> None:
    def sign_out(where: str) -> web.Response:
        query = urlencode({"client_id": outputs["userPoolClientId"], "logout_uri": where})
        return web.request("GET", f"{outputs['endpointUrl']}/logout?{query}")

    back = sign_out("http://localhost:1/")
    assert (back.status, back.headers["Location"]) == (302, "http://localhost:1/")
    assert sign_out("https://evil.example/").status == 400
