"""One origin for pages and API, as a browser meets it: the storefront's address on the local cloud."""

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from local import shop as local_shop
from localcloud import web
from localcloud.instance import running
from localcloud.ports import free_port
from localcloud.program import Decrypted
from tests.support.live_system import Customer, LiveSystem
from tests.support.payment_events import PATH, SECRET, an_event, signed
from tests.support.wire import send

GZIP = {"Accept-Encoding": "gzip"}


def through_it(outputs: Mapping[str, Any]) -> Customer:
    """A customer whose API is the storefront's."""
    return Customer({**outputs, "apiUrl": outputs["storefrontUrl"]}, "ada@example.com")


@pytest.fixture
def address(shop: LiveSystem) -> str:
    return shop.outputs["storefrontUrl"]


@pytest.fixture
def files(shop: LiveSystem) -> dict[str, Mapping[str, Any]]:
    """What the bucket holds: key -> object."""
    bucket = {"Bucket": shop.outputs["siteBucketName"]}
    keys = [each["Key"] for each in shop.aws.s3.list_objects_v2(**bucket)["Contents"]]
    return {key: shop.aws.s3.get_object(**bucket, Key=key) for key in keys}


@pytest.mark.parametrize("path", ["/", "/orders/D5VMQX6LO6EQ4IHYKA4UUM62SQ", "/signed-in?code=1"])
def test_every_address_of_the_site_is_its_page_and_is_asked_for_anew(
    address: str, files: dict[str, Mapping[str, Any]], path: str
) -> None:
    page = web.request("GET", address + path)
    assert (page.status, page.body) == (200, files["index.html"]["Body"].read())
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_pages_carry_their_security_headers(address: str, shop: LiveSystem) -> None:
    headers = web.request("GET", f"{address}/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert f"connect-src 'self' {shop.outputs['signInUrl']};" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_a_file_that_is_not_there_is_a_404_and_no_page(address: str) -> None:
    for path in ("/nope.js", "/assets/index-gone.js", "/images/nope.svg"):
        answer = web.request("GET", address + path)
        assert (answer.status, b"<html" in answer.body.lower()) == (404, False), path


def test_hashed_files_are_kept_for_ever_and_the_others_asked_for_anew(
    address: str, files: dict[str, Mapping[str, Any]]
) -> None:
    assert any(key.startswith("assets/") for key in files)
    for key in files:
        kept = web.request("GET", f"{address}/{key}").headers["Cache-Control"]
        hashed = key.startswith("assets/")
        assert kept == ("public, max-age=31536000, immutable" if hashed else "no-cache"), key


def test_scripts_and_the_catalogue_travel_compressed(
    address: str, files: dict[str, Mapping[str, Any]]
) -> None:
    script = max(
        (key for key in files if key.endswith(".js")), key=lambda key: files[key]["ContentLength"]
    )
    sent = web.request("GET", f"{address}/{script}", headers=GZIP)
    assert sent.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent.body) == files[script]["Body"].read()
    products = web.request("GET", f"{address}/api/products", headers=GZIP)
    assert products.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(products.body))["products"]
    assert "max-age" in products.headers["Cache-Control"]


def test_the_site_is_told_where_to_sign_in_and_as_whom(address: str, shop: LiveSystem) -> None:
    pool = shop.outputs["userPoolId"]
    assert web.request("GET", f"{address}/config.json").json() == {
        "signInUrl": shop.outputs["signInUrl"],
        "issuer": f"https://cognito-idp.us-east-1.amazonaws.com/{pool}",
        "clientId": shop.outputs["userPoolClientId"],
        "paymentGateway": "sandbox",
        "paymentSandboxUrl": shop.outputs["paymentSandboxUrl"],
        "sendsMail": True,
        "orderMaxAgeMinutes": 60,
    }


def test_an_order_is_placed_and_followed_without_leaving_the_origin(shop: LiveSystem) -> None:
    customer = through_it(shop.outputs)
    product = shop.product(available=1)
    answer = customer.place({product: 1})
    assert answer.status == 202
    location = answer.headers["Location"]
    assert urlsplit(location).netloc == ""  # whatever the gateway is called
    shop.settled(answer.json()["orderId"])
    seen = customer.request("GET", location)
    assert seen.json()["status"] == "CONFIRMED"
    assert seen.headers["Cache-Control"] == "no-store"


def test_the_apis_refusals_stay_what_they_are(address: str) -> None:
    unsigned = web.request("GET", f"{address}/api/orders")
    assert (unsigned.status, unsigned.json()["title"]) == (401, "Sign in to do this")
    unknown = web.request("GET", f"{address}/api/products/no-such-thing")
    assert (unknown.status, unknown.headers["Content-Type"]) == (404, "application/problem+json")


def told(answer: web.Response) -> dict[str, str]:
    """The header fields of an answer, its length among them, but for those of one request."""
    fields = {name.lower(): value for name, value in answer.headers.items()}
    assert "content-length" in fields
    of_one_request = ("date", "via", "x-amz")
    return {name: value for name, value in fields.items() if not name.startswith(of_one_request)}


@pytest.mark.parametrize("output", ["storefrontUrl", "apiUrl"])
def test_head_is_answered_as_get_without_the_body(shop: LiveSystem, output: str) -> None:
    ada = Customer({**shop.outputs, "apiUrl": shop.outputs[output]}, "ada@example.com")
    order_id = ada.accepted({shop.product(available=1): 1})
    shop.settled(order_id)
    asked = {
        "/api/products": (200, 200),
        "/api/products/notebook": (200, 200),
        "/api/products/no-such-thing": (404, 404),
        "/api/orders": (200, 401),
        f"/api/orders/{order_id}": (200, 401),
        f"/api/orders/{order_id}/receipt": (200, 401),
    }
    for path, statuses in asked.items():
        for status, token in zip(statuses, (ada.token, ""), strict=True):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            get = web.request("GET", ada.api + path, headers=headers)
            head = web.request("HEAD", ada.api + path, headers=headers)
            assert (head.status, head.body) == (get.status, b"") == (status, b""), path
            assert told(head) == told(get), path


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """A cloud with everything that a config may add to the storefront."""
    state_dir, port = tmp_path_factory.mktemp("guarded"), free_port()
    try:
        first = LiveSystem(local_shop.up("dev", state_dir=state_dir, port=port))
        zone = first.aws.route53.create_hosted_zone(Name="example.com", CallerReference="test")
        config = {
            "requireCloudFront": True,
            "wafEnabled": True,
            "domainName": "shop.example.com",
            "hostedZoneId": zone["HostedZone"]["Id"].rpartition("/")[2],
            # A stack with a domain of its own is for real customers.
            "paymentGateway": "stripe",
            "stripeSecretKey": Decrypted("sk_test_of_the_test"),
            "stripeReadKey": Decrypted("rk_test_of_the_test"),
            "stripePublishableKey": "pk_test_of_the_test",
            "stripeWebhookSecret": Decrypted(SECRET),
        }
        yield LiveSystem(local_shop.up("dev", state_dir=state_dir, port=port, config=config))
    finally:
        running.down(state_dir)


def test_where_cloudfront_is_required_the_api_answers_nobody_else(guarded: LiveSystem) -> None:
    ada = Customer(guarded.outputs, "ada@example.com")
    for path in ("/api/products", "/api/orders"):
        refused = ada.request("GET", path)
        assert (refused.status, refused.json()["title"]) == (403, "Not allowed")
        wrong = ada.request("GET", path, **{"x-api-key": "0123456789abcdefghij"})
        assert wrong.status == 403
        assert through_it(guarded.outputs).request("GET", path).status == 200


def test_where_cloudfront_is_required_the_gateways_events_come_through_it(
    guarded: LiveSystem,
) -> None:
    body = an_event("payment_intent.succeeded")
    for outputs, status in (
        (guarded.outputs, 403),
        ({**guarded.outputs, "apiUrl": guarded.outputs["storefrontUrl"]}, 200),
    ):
        sender = Customer(outputs, "gateway@example.com")
        assert send(sender, "POST", PATH, body, Stripe_Signature=signed(body)).status == status


def test_a_domain_and_a_firewall_come_with_the_config(guarded: LiveSystem) -> None:
    found = guarded.aws.cloudfront.get_distribution(Id=guarded.outputs["distributionId"])
    config = found["Distribution"]["DistributionConfig"]
    assert config["Aliases"]["Items"] == ["shop.example.com"]
    assert "/webacl/" in config["WebACLId"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
