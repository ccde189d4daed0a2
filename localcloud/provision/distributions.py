"""CloudFront distributions. The emulator serves them by host name; the local cloud's own port for it is edge.py's."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.distribution_config import to_api, to_inputs
from localcloud.provision.reading import first, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags

DEFAULTS = {
    "httpVersion": "http2",
    "priceClass": "PriceClass_All",
    "restrictions": {"geoRestriction": {"restrictionType": "none"}},
    "viewerCertificate": {"cloudfrontDefaultCertificate": True},
}


def _create(aws: Aws, distribution: Resource) -> str:
    created = aws.cloudfront.create_distribution(DistributionConfig=to_api(distribution))
    return created["Distribution"]["Id"]


def _configure(aws: Aws, distribution: Resource) -> Mapping[str, Any]:
    found = aws.cloudfront.get_distribution(Id=distribution.id)
    if distribution.previous is not None:
        config = to_api(distribution)
        config["CallerReference"] = found["Distribution"]["DistributionConfig"]["CallerReference"]
        aws.cloudfront.update_distribution(
            Id=distribution.id, IfMatch=found["ETag"], DistributionConfig=config
        )
    return {
        "arn": _arn(distribution),
        "domainName": found["Distribution"]["DomainName"],
        "hostedZoneId": "Z2FDTNDATAQYW2",  # CloudFront's own, for all distributions
    }


def _arn(distribution: Resource) -> str:
    return arn("cloudfront", f"distribution/{distribution.id}", region="")


def _read(aws: Aws, distribution: Resource) -> Mapping[str, Any] | None:
    found = aws.cloudfront.get_distribution_config(Id=distribution.id)["DistributionConfig"]
    inputs = to_inputs(found, distribution) | {"tags": read_tags(aws, _arn(distribution))}
    return reported(distribution, inputs, DEFAULTS)


def _search(aws: Aws, distribution: Resource) -> Iterator[str]:
    """By the reference of the call that made it, for a distribution has no name."""
    for page in aws.cloudfront.get_paginator("list_distributions").paginate():
        for found in page["DistributionList"].get("Items", []):
            config = aws.cloudfront.get_distribution_config(Id=found["Id"])["DistributionConfig"]
            if config["CallerReference"] == distribution.default_name:
                yield found["Id"]


def _delete(aws: Aws, distribution: Resource) -> None:
    found = aws.cloudfront.get_distribution_config(Id=distribution.id)
    disabled = found["DistributionConfig"] | {"Enabled": False}
    etag = aws.cloudfront.update_distribution(
        Id=distribution.id, IfMatch=found["ETag"], DistributionConfig=disabled
    )["ETag"]
    aws.cloudfront.delete_distribution(Id=distribution.id, IfMatch=etag)


TYPES = {
    "aws:cloudfront/distribution:Distribution": ResourceType(
        _create,
        _configure,
        _delete,
        _read,
        first(_search),
        computed=("arn", "domainName", "hostedZoneId"),
        inert=("waitForDeployment", "retainOnDelete"),
    ),
}
