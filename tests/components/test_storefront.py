"""The storefront as CloudFront serves it: what is kept, what is passed on, what browsers are told."""

import json
from typing import Any

import pytest

from localcloud.registration import Recording, Registration
from tests.support.recorded_stacks import document, given, recording, statements

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
SANDBOX = "<FunctionUrl.payment-sandbox-url.functionUrl>"
FILE = "aws:s3/bucketObjectv2:BucketObjectv2"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CACHED_ERRORS = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html"""
DOMAIN = {"domainName": "shop.example.com", "hostedZoneId": "Z0123456789"}
STRIPE = ("https://js.stripe.com", "https://*.js.stripe.com")


def distribution(declared: Recording) -> Registration:
    [found] = declared.of_type(DISTRIBUTION)
    return found


def behaviours(declared: Recording) -> dict[str, Any]:
    """By path pattern, in their order; the default's is ""."""
    found = distribution(declared)
    ordered = given(found, "orderedCacheBehaviors")
    return {each["pathPattern"]: each for each in ordered} | {
        "": given(found, "defaultCacheBehavior")
    }


def origins(declared: Recording) -> dict[str, Any]:
    return {each["originId"]: each for each in given(distribution(declared), "origins")}


def headers(declared: Recording, suffix: str) -> Registration:
    return declared.one(HEADERS, f"storefront-delivery-headers-{suffix}")


def policy(declared: Recording, suffix: str = "pages") -> dict[str, list[str]]:
    """The Content-Security-Policy: directive -> sources."""
    security = given(headers(declared, suffix), "securityHeadersConfig")["contentSecurityPolicy"]
    assert security["override"] is True
    parts = [each.split() for each in security["contentSecurityPolicy"].split("; ")]
    return {name: sources for name, *sources in parts}


def test_the_bucket_is_read_by_its_own_distribution_and_nobody_else(declared: Recording) -> None:
    site = declared.one("aws:s3/bucketPolicy:BucketPolicy", "storefront-policy")
    [allowed] = [e for e in statements(document(site, "policy")) if e["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    # Without ListBucket a file that isn't there would be a 403.
    assert allowed["Action"] == ["s3:GetObject", "s3:ListBucket"]
    own = "<Distribution.storefront-delivery-distribution.arn>"
    assert allowed["Condition"] == {"StringEquals": {"AWS:SourceArn": own}}
    access = origins(declared)["site"]["originAccessControlId"]
    assert access == "<OriginAccessControl.storefront-delivery-access.id>"


def test_orders_are_never_kept_and_reach_the_api_as_they_were_sent(declared: Recording) -> None:
    behaviour = behaviours(declared)["/api/*"]
    assert behaviour["targetOriginId"] == "api"
    assert behaviour["cachePolicyId"] == CACHING_DISABLED
    assert behaviour["originRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST
    assert {"GET", "HEAD", "POST", "DELETE"} <= set(behaviour["allowedMethods"])


def test_the_catalogue_is_kept_for_seconds_and_is_the_same_for_everybody(
    declared: Recording,
) -> None:
    patterns = list(behaviours(declared))
    assert patterns.index("/api/products*") < patterns.index("/api/*")
    behaviour = behaviours(declared)["/api/products*"]
    assert behaviour["allowedMethods"] == ["GET", "HEAD"]
    assert "originRequestPolicyId" not in behaviour  # so no Authorization reaches the API
    [kept] = declared.of_type("aws:cloudfront/cachePolicy:CachePolicy")
    assert behaviour["cachePolicyId"] == f"<CachePolicy.{kept.name}.id>"
    assert [given(kept, key) for key in ("minTtl", "defaultTtl", "maxTtl")] == [0, 0, 10]
    key = given(kept, "parametersInCacheKeyAndForwardedToOrigin")
    assert key["cookiesConfig"] == {"cookieBehavior": "none"}
    assert key["headersConfig"] == {"headerBehavior": "none"}
    assert key["queryStringsConfig"] == {"queryStringBehavior": "none"}


def test_an_error_is_never_kept_and_never_turned_into_a_page(declared: Recording) -> None:
    errors = given(distribution(declared), "customErrorResponses")
    assert {each["errorCode"] for each in errors} == CACHED_ERRORS
    assert all(set(each) == {"errorCode", "errorCachingMinTtl"} for each in errors)
    assert {each["errorCachingMinTtl"] for each in errors} == {0}


def test_the_api_is_reached_over_tls_alone_and_so_is_the_storefront(declared: Recording) -> None:
    origin = origins(declared)["api"]["customOriginConfig"]
    assert origin["originProtocolPolicy"] == "https-only"
    assert origin["originSslProtocols"] == ["TLSv1.2"]
    found = {each["viewerProtocolPolicy"] for each in behaviours(declared).values()}
    assert found <= {"https-only", "redirect-to-https"}


def test_every_answer_is_compressed_where_it_may_be_and_has_its_security_headers(
    declared: Recording,
) -> None:
    for pattern, behaviour in behaviours(declared).items():
        suffix = "api" if pattern else "pages"
        name = f"storefront-delivery-headers-{suffix}"
        assert behaviour["responseHeadersPolicyId"] == f"<ResponseHeadersPolicy.{name}.id>"
        assert behaviour["compress"] is True
        security = given(headers(declared, suffix), "securityHeadersConfig")
        assert security["strictTransportSecurity"] == {
            "accessControlMaxAgeSec": 63_072_000,
            "includeSubdomains": False,
            "override": True,
        }
        assert security["contentTypeOptions"] == {"override": True}
        assert policy(declared, suffix)["default-src"] == ["'none'"]
        assert policy(declared, suffix)["frame-ancestors"] == ["'none'"]


def test_pages_run_their_own_scripts_and_talk_to_their_own_origin_and_the_sign_in() -> None:
    found = recording("dev")
    assert policy(found) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "manifest-src": ["'self'"],
        "connect-src": ["'self'", found.exports["signInUrl"]],
        "frame-src": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
    isolation = given(headers(found, "pages"), "customHeadersConfig")["items"]
    named = {each["header"]: each["value"] for each in isolation}
    assert named["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "payment=()" in named["Permissions-Policy"]


def test_with_stripe_they_may_use_what_stripe_documents_and_nothing_else_is_opened() -> None:
    plain, stripe = policy(recording("dev")), policy(recording("prod"))
    added = {name: set(stripe[name]) - set(plain[name]) for name in plain}
    sign_in = recording("prod").exports["signInUrl"]
    assert {name: sources for name, sources in added.items() if sources} == {
        "script-src": {*STRIPE},
        "frame-src": {*STRIPE, "https://hooks.stripe.com"},
        "connect-src": {"https://api.stripe.com", sign_in},
        "trusted-types": {"default"},
    }
    assert stripe["require-trusted-types-for"] == ["'script'"]


def test_a_page_is_uploaded_after_everything_that_it_names(declared: Recording) -> None:
    files = [each for each in declared.of_type(FILE) if each.name.startswith("storefront-")]
    others = {each.urn for each in files if not given(each, "key").endswith(".html")}
    assert others
    for page in files:
        if page.urn not in others:
            assert others <= set(page.dependencies)


def test_the_hashed_files_of_an_earlier_build_stay_for_pages_that_are_still_open(
    declared: Recording,
) -> None:
    files = [each for each in declared.of_type(FILE) if each.name != "site-config-file"]
    kept = {given(each, "key") for each in files if each.retain_on_delete}
    assert kept == {key for e in files if (key := given(e, "key")).startswith("assets/")} != set()


def test_every_file_has_a_type_and_is_kept_for_ever_only_if_its_name_says_its_content(
    declared: Recording,
) -> None:
    for file in declared.of_type(FILE):
        hashed = given(file, "key").startswith("assets/")
        kept = "public, max-age=31536000, immutable" if hashed else "no-cache"
        assert given(file, "cacheControl") == kept
        assert "/" in given(file, "contentType")


@pytest.mark.parametrize(
    ("stack", "gateway"),
    [
        ("dev", {"paymentGateway": "sandbox", "paymentSandboxUrl": SANDBOX}),
        ("prod", {"paymentGateway": "stripe", "stripePublishableKey": "pk_live_of_the_test"}),
    ],
)
def test_the_site_is_told_its_stacks_settings(stack: str, gateway: dict[str, str]) -> None:
    found = recording(stack)
    file = found.one(FILE, "site-config-file")
    place = given(file, "bucket"), given(file, "key")
    assert place == ("<Bucket.storefront-bucket.bucket>", "config.json")
    assert json.loads(given(file, "content")) == gateway | {
        "signInUrl": f"https://orders-{stack}-000000000000.auth.us-east-1.amazoncognito.com",
        "issuer": "https://<UserPool.identity-pool.endpoint>",
        "clientId": "<UserPoolClient.sign-in-client.id>",
        **{"sendsMail": True, "orderMaxAgeMinutes": 60},
    }


def test_a_login_domain_of_ones_own_is_named_to_the_site_and_allowed_to_it() -> None:
    found = recording("dev", signInUrl="https://login.example.com")
    told = json.loads(given(found.one(FILE, "site-config-file"), "content"))
    assert told["signInUrl"] == found.exports["signInUrl"] == "https://login.example.com"
    assert policy(found)["connect-src"] == ["'self'", "https://login.example.com"]


def test_without_a_domain_of_its_own_it_has_cloudfronts_and_its_certificate() -> None:
    found = recording("dev")
    certificate = given(distribution(found), "viewerCertificate")
    assert certificate == {"cloudfrontDefaultCertificate": True}
    assert [each.type for each in found.resources if "route53" in each.type] == []


def test_its_own_domain_has_a_certificate_that_cloudfront_takes_and_points_to_it() -> None:
    found = recording("dev", **DOMAIN)
    assert given(distribution(found), "aliases") == ["shop.example.com"]
    certificate = given(distribution(found), "viewerCertificate")
    assert certificate["minimumProtocolVersion"] == "TLSv1.2_2021"
    assert certificate["sslSupportMethod"] == "sni-only"
    for kind in ("certificate:Certificate", "certificateValidation:CertificateValidation"):
        [made] = found.of_type(f"aws:acm/{kind}")
        assert given(made, "region") == "us-east-1"
    records = found.of_type("aws:route53/record:Record")
    own = "<Distribution.storefront-delivery-distribution.domainName>"
    pointing = {given(e, "type") for e in records if own in str(given(e, "aliases"))}
    assert pointing == {"A", "AAAA"}
    assert {given(each, "zoneId") for each in records} == {"Z0123456789"}


def test_a_domain_and_its_certificate_are_in_every_preview_of_it() -> None:
    urns = {each.urn for each in recording("dev", **DOMAIN).resources}
    assert {each.urn for each in recording("dev", "unknown", **DOMAIN).resources} == urns
