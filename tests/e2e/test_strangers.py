"""Who is not a signed-in customer, or not this one: 401, or as if there were nothing to see.

That a token's time, signature and issuer are checked is the gateway's doing, here the emulator's;
its kind and the verified address are checked by the function, as the emulator lets both through.
"""

import base64
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.auth
import pytest

from handlers.adapters import receipt_bucket
from handlers.runtime import aws
from localcloud import web
from tests.support.live_system import Customer, LiveSystem
from tests.support.roles import session_of
from tests.support.wire import Answer, send

_PASSWORD = "Correct-horse-battery-1"
_NOBODYS = "A" * 26
_CUSTOMERS_ONLY = [
    ("GET", "/api/orders"),
    ("POST", "/api/orders"),
    ("GET", f"/api/orders/{_NOBODYS}"),
    ("GET", f"/api/orders/{_NOBODYS}/receipt"),
]
_ORDER = {
    "lines": [{"productId": "mug", "quantity": 1}],
    "expectedTotal": {"amount": 1400, "currency": "USD"},
    "paymentMethod": "pm_card_visa",
}


class Door:
    """A user pool and a client that signs in with a password, which the shop's own doesn't."""

    def __init__(self, shop: LiveSystem, pool: str, **validity: Any):
        self._cognito, self._pool = shop.aws.cognito_idp, pool
        created = self._cognito.create_user_pool_client(
            UserPoolId=pool,
            ClientName=f"test-{uuid.uuid4().hex[:8]}",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            **validity,
        )
        self.client = created["UserPoolClient"]["ClientId"]

    def tokens(self, verified: bool = True) -> Mapping[str, str]:
        """IdToken and AccessToken of a new user."""
        email = f"s{uuid.uuid4().hex[:12]}@example.com"
        attributes = {"email": email, "email_verified": str(verified).lower()}
        self._cognito.admin_create_user(
            UserPoolId=self._pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
        self._cognito.admin_set_user_password(
            UserPoolId=self._pool, Username=email, Password=_PASSWORD, Permanent=True
        )
        return self._cognito.initiate_auth(
            ClientId=self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": _PASSWORD},
        )["AuthenticationResult"]


@pytest.fixture(scope="module")
def door(shop: LiveSystem) -> Iterator[Door]:
    door = Door(shop, shop.outputs["userPoolId"])
    yield door
    _close(shop, shop.outputs["userPoolId"], door)


def _close(shop: LiveSystem, pool: str, door: Door) -> None:
    shop.aws.cognito_idp.delete_user_pool_client(UserPoolId=pool, ClientId=door.client)


def _claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _with_claims(token: str, **changed: Any) -> str:
    """The token with other claims under its old signature."""
    head, _, signature = token.split(".")
    claims = json.dumps(_claims(token) | changed).encode()
    return ".".join([head, base64.urlsafe_b64encode(claims).decode().rstrip("="), signature])


def _unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


def _ask(shop: LiveSystem, header: str | None) -> list[Answer]:
    """What everybody with this Authorization header is answered on the customers' routes."""
    anybody = shop.customer()
    body = json.dumps(_ORDER).encode()
    return [
        send(anybody, method, path, body if method == "POST" else b"", Authorization=header)
        for method, path in _CUSTOMERS_ONLY
    ]


def _assert_unknown(answers: list[Answer]) -> None:
    for answer in answers:
        assert answer.status == 401, answer
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Cache-Control"] == "no-store"
        assert json.loads(answer.body)["status"] == 401


def test_a_customer_of_this_door_is_let_in(shop: LiveSystem, door: Door) -> None:
    """Else the refusals below would prove nothing."""
    token = door.tokens()["IdToken"]
    answers = _ask(shop, f"Bearer {token}")
    assert [answer.status for answer in answers] == [200, 202, 404, 404]
    shop.settled(json.loads(answers[1].body)["orderId"])


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer garbage", "Bearer a.b.c", "Basic dTpw"]
)
def test_no_token_and_no_real_token_are_nobody(shop: LiveSystem, header: str | None) -> None:
    _assert_unknown(_ask(shop, header))


def test_a_token_that_was_changed_is_nobodys(shop: LiveSystem, door: Door) -> None:
    token, other = door.tokens()["IdToken"], shop.customer().token
    later = _claims(token)["exp"] + 3600
    forged = [
        _with_claims(token, exp=later),
        _with_claims(token, sub=_claims(other)["sub"]),
        _unsigned(token),
        token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
    ]
    for each in forged:
        _assert_unknown(_ask(shop, f"Bearer {each}"))


def test_an_access_token_is_no_id_token(shop: LiveSystem, door: Door) -> None:
    _assert_unknown(_ask(shop, f"Bearer {door.tokens()['AccessToken']}"))


def test_an_unverified_address_is_nobodys(shop: LiveSystem, door: Door) -> None:
    _assert_unknown(_ask(shop, f"Bearer {door.tokens(verified=False)['IdToken']}"))


def test_another_pools_token_is_nobodys_here(shop: LiveSystem) -> None:
    pool = shop.aws.cognito_idp.create_user_pool(PoolName="another-shop")["UserPool"]["Id"]
    try:
        token = Door(shop, pool).tokens()["IdToken"]
        _assert_unknown(_ask(shop, f"Bearer {token}"))
    finally:
        shop.aws.cognito_idp.delete_user_pool(UserPoolId=pool)


def test_an_expired_token_is_nobodys(shop: LiveSystem) -> None:
    """Good until its own time is over; the emulator allows shorter lives than Cognito does."""
    pool = shop.outputs["userPoolId"]
    door = Door(shop, pool, IdTokenValidity=2, TokenValidityUnits={"IdToken": "seconds"})
    try:
        token = door.tokens()["IdToken"]
        customer = shop.customer()
        header = f"Bearer {token}"
        assert send(customer, "GET", "/api/orders", Authorization=header).status == 200
        while time.time() < _claims(token)["exp"]:
            time.sleep(0.1)
        _assert_unknown(_ask(shop, header))
    finally:
        _close(shop, pool, door)


def test_another_customers_order_receipt_and_list_are_as_if_there_were_none(
    shop: LiveSystem,
) -> None:
    owner, stranger = shop.customer(), shop.customer()
    order_id = owner.accepted({shop.product(): 1})
    shop.settled(order_id)
    assert owner.request("GET", f"/api/orders/{order_id}/receipt").status == 200

    for rest in ("", "/receipt"):
        theirs = send(stranger, "GET", f"/api/orders/{order_id}{rest}")
        nobodys = send(stranger, "GET", f"/api/orders/{_NOBODYS}{rest}")
        assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
        assert theirs.status == 404
    assert stranger.request("GET", "/api/orders").json() == {"orders": []}


def _linked(shop: LiveSystem) -> tuple[Customer, str, str]:
    customer = shop.customer()
    order_id = customer.accepted({shop.product(): 1})
    shop.settled(order_id)
    link = customer.request("GET", f"/api/orders/{order_id}/receipt").json()
    return customer, order_id, link["url"]


def test_a_receipts_link_opens_that_receipt_alone(shop: LiveSystem) -> None:
    _, first, link = _linked(shop)
    _, second, _ = _linked(shop)
    assert web.request("GET", link).status == 200

    elsewhere = link.replace(f"receipts/{first}", f"receipts/{second}")
    assert elsewhere != link
    altered = [
        elsewhere,
        link.replace(f"receipts/{first}.pdf", ""),
        link.replace("X-Amz-Expires=300", "X-Amz-Expires=604800"),
        link.split("?")[0],
    ]
    assert [web.request("GET", each).status for each in altered] == [403] * len(altered)
    assert web.request("DELETE", link).status == 403
    assert web.request("PUT", link, body={}).status == 403


@pytest.mark.parametrize(("age", "status"), [(290, 200), (301, 403)])
def test_a_receipts_link_ends_after_five_minutes(
    shop: LiveSystem, monkeypatch: pytest.MonkeyPatch, age: int, status: int
) -> None:
    """The API's own signing, with the API's own permissions, `age` seconds ago."""
    _, order_id, _ = _linked(shop)
    role = session_of(shop, "order-api-customers")
    past = datetime.now(UTC) - timedelta(seconds=age)
    monkeypatch.setenv("RECEIPTS_BUCKET", shop.outputs["receiptsBucketName"])
    monkeypatch.setenv("AWS_ENDPOINT_URL", shop.outputs["endpointUrl"])
    monkeypatch.setattr(aws, "_make", role.client)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: past)
    receipt_bucket._signer.cache_clear()
    try:
        url, _ = receipt_bucket.link(order_id)
    finally:
        receipt_bucket._signer.cache_clear()

    assert web.request("GET", url).status == status
