"""CustomCertificate: the TLS certificate of the storefront's own domain, validated by DNS."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.options import child

_REGION = "us-east-1"
"""The only one whose certificates CloudFront takes, whatever the stack's region:
https://docs.aws.amazon.com/acm/latest/userguide/acm-services.html"""


@dataclass(frozen=True, kw_only=True)
class CustomCertificateArgs:
    """`hosted_zone_id` is the Route 53 zone in which `domain_name` lies."""

    tags: Mapping[str, str]
    domain_name: str
    hosted_zone_id: str


class CustomCertificate(pulumi.ComponentResource):
    """`arn` is known once the certificate is issued; ACM renews it as long as its record stays."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: CustomCertificateArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:CustomCertificate", name, {}, opts)
        certificate = aws.acm.Certificate(
            f"{name}-request",
            domain_name=args.domain_name,
            validation_method="DNS",
            region=_REGION,
            tags=args.tags,
            opts=child(self),
        )
        # One domain, one option.
        option = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-record",
            zone_id=args.hosted_zone_id,
            name=option.resource_record_name,
            type="CNAME",
            records=[option.resource_record_value],
            ttl=300,
            # Another certificate of the same domain has the same record.
            allow_overwrite=True,
            opts=child(self),
        )
        issued = aws.acm.CertificateValidation(
            f"{name}-validation",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            region=_REGION,
            opts=child(self),
        )
        self.arn = issued.certificate_arn
        self.register_outputs({"arn": self.arn})
