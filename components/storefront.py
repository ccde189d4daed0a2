"""Storefront: the site's files in a bucket that only its CloudFront distribution reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.choices import PaymentGateway
from components.content_delivery import ContentDelivery, ContentDeliveryArgs
from components.options import child
from components.private_bucket import keep_private
from components.site_files import SiteFile, site_files


@dataclass(frozen=True, kw_only=True)
class StorefrontArgs:
    """`site` is the folder of the built site; the API's address ends before `/api`.

    `api_key` is sent to the API with each request. `domain_name` and
    `hosted_zone_id` are both given or both empty.
    """

    tags: Mapping[str, str]
    site: Path
    api_url: pulumi.Input[str]
    api_key: pulumi.Output[str]
    sign_in_url: pulumi.Input[str]
    payment_gateway: PaymentGateway
    domain_name: str
    hosted_zone_id: str
    waf_enabled: bool


class Storefront(pulumi.ComponentResource):
    """Site and API under one origin, `url` (https://… without a path)."""

    url: pulumi.Output[str]
    bucket_name: pulumi.Output[str]
    distribution_id: pulumi.Output[str]

    def __init__(self, name: str, args: StorefrontArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:Storefront", name, {}, opts)
        self._name = name
        self._tags = args.tags
        # Everything in it can be built again.
        self._bucket = aws.s3.Bucket(
            f"{name}-bucket", force_destroy=True, tags=args.tags, opts=child(self)
        )
        self.bucket_name = self._bucket.bucket
        delivery = self._deliver(args)
        self.url = delivery.url
        self.distribution_id = delivery.distribution_id
        keep_private(self, name, self._bucket, [self._readable_by(delivery.distribution_arn)])
        self._upload(site_files(args.site))
        self.register_outputs({"url": self.url, "bucketName": self.bucket_name})

    def _deliver(self, args: StorefrontArgs) -> ContentDelivery:
        return ContentDelivery(
            f"{self._name}-delivery",
            ContentDeliveryArgs(
                tags=args.tags,
                bucket_domain_name=self._bucket.bucket_regional_domain_name,
                api_url=args.api_url,
                api_key=args.api_key,
                sign_in_url=args.sign_in_url,
                stripe=args.payment_gateway == "stripe",
                domain_name=args.domain_name,
                hosted_zone_id=args.hosted_zone_id,
                waf_enabled=args.waf_enabled,
            ),
            opts=child(self),
        )

    def _readable_by(self, distribution_arn: pulumi.Output[str]) -> dict[str, Any]:
        arn = self._bucket.arn
        return {
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            # Who may not list is told 403 of a file that isn't there; it should be a 404.
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": [arn, pulumi.Output.concat(arn, "/*")],
            "Condition": {"StringEquals": {"AWS:SourceArn": distribution_arn}},
        }

    def _upload(self, files: list[SiteFile]) -> None:
        """Pages last: a new page must find the files that it names."""
        pages = [each for each in files if each.content_type.startswith("text/html")]
        others = [self._object(each, []) for each in files if each not in pages]
        for page in pages:
            self._object(page, others)

    def _object(self, file: SiteFile, after: list[aws.s3.BucketObjectv2]) -> aws.s3.BucketObjectv2:
        return aws.s3.BucketObjectv2(
            f"{self._name}-{file.key}",
            bucket=self._bucket.bucket,
            key=file.key,
            source=file.content,
            content_type=file.content_type,
            cache_control=file.cache_control,
            tags=self._tags,
            # A page of the build before, still open somewhere, loads the rest of that build.
            opts=child(self, depends_on=after, retain_on_delete=file.hashed),
        )
