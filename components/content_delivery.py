"""ContentDelivery: the CloudFront distribution before the site's bucket and the API.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.custom_certificate import CustomCertificate, CustomCertificateArgs
from components.options import child
from components.response_headers import ResponseHeaders, ResponseHeadersArgs
from components.web_firewall import WebFirewall, WebFirewallArgs

ROUTER = Path(__file__).parent / "storefront_router.js"
_SITE, _API = "site", "api"
_READ = ["GET", "HEAD"]
_ALL = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
# AWS's own policies have the same ids everywhere:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
_CATALOGUE_SECONDS = 10  # at most; the API says for how long
# CloudFront keeps an error for 10 s unless told, under a key without Authorization:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
_ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)


@dataclass(frozen=True, kw_only=True)
class ContentDeliveryArgs:
    """What is served. `stripe` says whether pages may use Stripe.js; see StorefrontArgs."""

    tags: Mapping[str, str]
    bucket_domain_name: pulumi.Input[str]
    api_url: pulumi.Input[str]
    api_key: pulumi.Output[str]
    sign_in_url: pulumi.Input[str]
    stripe: bool
    domain_name: str
    hosted_zone_id: str
    waf_enabled: bool


class ContentDelivery(pulumi.ComponentResource):
    """One origin for pages and API, over HTTPS alone."""

    url: pulumi.Output[str]
    distribution_id: pulumi.Output[str]
    distribution_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: ContentDeliveryArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:ContentDelivery", name, {}, opts)
        self._name = name
        self._args = args
        self._headers = ResponseHeaders(
            f"{name}-headers",
            ResponseHeadersArgs(sign_in_url=args.sign_in_url, stripe=args.stripe),
            opts=child(self),
        )
        distribution = self._create_distribution()
        if args.domain_name:
            self._point_domain_to(distribution)
        self.url = pulumi.Output.concat("https://", args.domain_name or distribution.domain_name)
        self.distribution_id = distribution.id
        self.distribution_arn = distribution.arn
        self.register_outputs({"url": self.url, "distributionId": self.distribution_id})

    def _create_distribution(self) -> aws.cloudfront.Distribution:
        return aws.cloudfront.Distribution(
            f"{self._name}-distribution",
            enabled=True,
            aliases=[self._args.domain_name] if self._args.domain_name else [],
            origins=[self._site_origin(), self._api_origin()],
            default_cache_behavior=self._pages(),
            ordered_cache_behaviors=[self._catalogue(), self._rest_of_the_api()],
            custom_error_responses=[
                {"error_code": code, "error_caching_min_ttl": 0} for code in _ERRORS
            ],
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class="PriceClass_100",  # North America and Europe
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate=self._certificate(),
            web_acl_id=self._create_firewall(),
            tags=self._args.tags,
            opts=child(self),
        )

    def _certificate(self) -> aws.cloudfront.DistributionViewerCertificateArgsDict:
        """With CloudFront's own certificate the oldest TLS version is CloudFront's choice too."""
        if not self._args.domain_name:
            return {"cloudfront_default_certificate": True}
        certificate = CustomCertificate(
            f"{self._name}-certificate",
            CustomCertificateArgs(
                tags=self._args.tags,
                domain_name=self._args.domain_name,
                hosted_zone_id=self._args.hosted_zone_id,
            ),
            opts=child(self),
        )
        return {
            "acm_certificate_arn": certificate.arn,
            "minimum_protocol_version": "TLSv1.2_2021",
            "ssl_support_method": "sni-only",
        }

    def _create_firewall(self) -> pulumi.Output[str] | None:
        if not self._args.waf_enabled:
            return None
        args = WebFirewallArgs(tags=self._args.tags)
        return WebFirewall(f"{self._name}-firewall", args, opts=child(self)).arn

    def _point_domain_to(self, distribution: aws.cloudfront.Distribution) -> None:
        for kind in ("A", "AAAA"):
            aws.route53.Record(
                f"{self._name}-{kind.lower()}-record",
                zone_id=self._args.hosted_zone_id,
                name=self._args.domain_name,
                type=kind,
                aliases=[
                    {
                        "name": distribution.domain_name,
                        "zone_id": distribution.hosted_zone_id,
                        "evaluate_target_health": False,
                    }
                ],
                opts=child(self),
            )

    def _site_origin(self) -> aws.cloudfront.DistributionOriginArgsDict:
        access = aws.cloudfront.OriginAccessControl(
            f"{self._name}-access",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=child(self),
        )
        return {
            "origin_id": _SITE,
            "domain_name": self._args.bucket_domain_name,
            "origin_access_control_id": access.id,
        }

    def _api_origin(self) -> aws.cloudfront.DistributionOriginArgsDict:
        """The key takes the place of one that a viewer may send:
        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
        """
        address = pulumi.Output.from_input(self._args.api_url).apply(_host_and_path)
        return {
            "origin_id": _API,
            "domain_name": address[0],
            "origin_path": address[1],
            "custom_headers": [{"name": "x-api-key", "value": self._args.api_key}],
            "custom_origin_config": {
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
            },
        }

    def _pages(self) -> aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict:
        router = aws.cloudfront.Function(
            f"{self._name}-router",
            runtime="cloudfront-js-2.0",
            code=ROUTER.read_text(encoding="utf-8"),
            publish=True,
            tags=self._args.tags,
            opts=child(self),
        )
        return {
            "target_origin_id": _SITE,
            "allowed_methods": _READ,
            "cached_methods": _READ,
            "viewer_protocol_policy": "redirect-to-https",
            "compress": True,
            "cache_policy_id": _CACHING_OPTIMIZED,
            "response_headers_policy_id": self._headers.pages,
            "function_associations": [{"event_type": "viewer-request", "function_arn": router.arn}],
        }

    def _catalogue(self) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict:
        """The same for everybody, so kept for as long as the API says. Nothing of the viewer's is
        in the cache's key or reaches the API."""
        nothing = "none"
        policy = aws.cloudfront.CachePolicy(
            f"{self._name}-catalogue",
            min_ttl=0,
            default_ttl=0,
            max_ttl=_CATALOGUE_SECONDS,
            parameters_in_cache_key_and_forwarded_to_origin={
                "cookies_config": {"cookie_behavior": nothing},
                "headers_config": {"header_behavior": nothing},
                "query_strings_config": {"query_string_behavior": nothing},
                "enable_accept_encoding_gzip": True,
                "enable_accept_encoding_brotli": True,
            },
            opts=child(self),
        )
        return {
            "path_pattern": "/api/products*",
            "target_origin_id": _API,
            "allowed_methods": _READ,
            "cached_methods": _READ,
            "viewer_protocol_policy": "https-only",
            "compress": True,
            "cache_policy_id": policy.id,
            "response_headers_policy_id": self._headers.api,
        }

    def _rest_of_the_api(self) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict:
        """Never kept: it is about whoever asks."""
        return {
            "path_pattern": "/api/*",
            "target_origin_id": _API,
            "allowed_methods": _ALL,
            "cached_methods": _READ,
            "viewer_protocol_policy": "https-only",
            "compress": True,
            "cache_policy_id": _CACHING_DISABLED,
            "origin_request_policy_id": _ALL_VIEWER_EXCEPT_HOST,
            "response_headers_policy_id": self._headers.api,
        }


def _host_and_path(url: str) -> list[str]:
    host, slash, path = url.removeprefix("https://").removeprefix("http://").partition("/")
    return [host, slash + path]
