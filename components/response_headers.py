"""ResponseHeaders: what CloudFront tells browsers to refuse, on pages and on the API's answers."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.content_security import API_POLICY, page_policy
from components.options import child

_TWO_YEARS = 2 * 365 * 24 * 3600  # seconds
_UNUSED = ("camera", "geolocation", "microphone", "usb")


@dataclass(frozen=True, kw_only=True)
class ResponseHeadersArgs:
    """`sign_in_url` is an origin that pages talk to; with `stripe` they may use Stripe.js."""

    sign_in_url: pulumi.Input[str]
    stripe: bool


class ResponseHeaders(pulumi.ComponentResource):
    """Two policies, by their ids."""

    pages: pulumi.Output[str]
    api: pulumi.Output[str]

    def __init__(
        self, name: str, args: ResponseHeadersArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:ResponseHeaders", name, {}, opts)
        sign_in_url = pulumi.Output.from_input(args.sign_in_url)
        pages = aws.cloudfront.ResponseHeadersPolicy(
            f"{name}-pages",
            security_headers_config=_security(
                sign_in_url.apply(lambda url: page_policy(url, stripe=args.stripe)),
                referrer="strict-origin-when-cross-origin",
            ),
            custom_headers_config={
                "items": [
                    {"header": header, "value": value, "override": True}
                    for header, value in _isolation(args.stripe).items()
                ]
            },
            opts=child(self),
        )
        api = aws.cloudfront.ResponseHeadersPolicy(
            f"{name}-api",
            security_headers_config=_security(API_POLICY, referrer="no-referrer"),
            opts=child(self),
        )
        self.pages, self.api = pages.id, api.id
        self.register_outputs({"pages": self.pages, "api": self.api})


def _security(
    content_security_policy: pulumi.Input[str], referrer: str
) -> aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgsDict:
    return {
        "content_security_policy": {
            "content_security_policy": content_security_policy,
            "override": True,
        },
        "content_type_options": {"override": True},
        "referrer_policy": {"referrer_policy": referrer, "override": True},
        # Of this host alone: what holds for its subdomains, or for a whole registered domain
        # (`preload`), is for their owner to promise.
        "strict_transport_security": {
            "access_control_max_age_sec": _TWO_YEARS,
            "include_subdomains": False,
            "override": True,
        },
    }


def _isolation(stripe: bool) -> dict[str, str]:
    payment = "payment=(self)" if stripe else "payment=()"
    return {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": ", ".join([*(f"{each}=()" for each in _UNUSED), payment]),
    }
