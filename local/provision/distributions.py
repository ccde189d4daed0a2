"""CloudFront distributions. The emulator serves them by host name; the local cloud's own port for it is edge.py's.

One translation: an origin that is the emulator itself (its domain name has a port) is reached over plain HTTP.
"""

from collections.abc import Mapping
from typing import Any

from local.errors import LocalError
from local.provision.aws import Aws, arn
from local.provision.cloudfront_policies import listed
from local.provision.resource import Resource, ResourceType

BEHAVIOUR = {
    "pathPattern": "PathPattern",
    "targetOriginId": "TargetOriginId",
    "viewerProtocolPolicy": "ViewerProtocolPolicy",
    "compress": "Compress",
    "cachePolicyId": "CachePolicyId",
    "originRequestPolicyId": "OriginRequestPolicyId",
    "responseHeadersPolicyId": "ResponseHeadersPolicyId",
}
ORIGIN = {
    "originId": "Id",
    "domainName": "DomainName",
    "originPath": "OriginPath",
    "originAccessControlId": "OriginAccessControlId",
}
CUSTOM_ORIGIN = {
    "httpPort": "HTTPPort",
    "httpsPort": "HTTPSPort",
    "originProtocolPolicy": "OriginProtocolPolicy",
    "originReadTimeout": "OriginReadTimeout",
    "originKeepaliveTimeout": "OriginKeepaliveTimeout",
}
ERROR = {
    "errorCode": "ErrorCode",
    "errorCachingMinTtl": "ErrorCachingMinTTL",
    "responseCode": "ResponseCode",
    "responsePagePath": "ResponsePagePath",
}
CERTIFICATE = {
    "acmCertificateArn": "ACMCertificateArn",
    "cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
    "minimumProtocolVersion": "MinimumProtocolVersion",
    "sslSupportMethod": "SSLSupportMethod",
}


def _create(aws: Aws, distribution: Resource) -> str:
    created = aws.cloudfront.create_distribution(DistributionConfig=_config(distribution))
    return created["Distribution"]["Id"]


def _configure(aws: Aws, distribution: Resource) -> Mapping[str, Any]:
    found = aws.cloudfront.get_distribution(Id=distribution.id)
    if distribution.previous is not None:
        config = _config(distribution)
        config["CallerReference"] = found["Distribution"]["DistributionConfig"]["CallerReference"]
        aws.cloudfront.update_distribution(
            Id=distribution.id, IfMatch=found["ETag"], DistributionConfig=config
        )
    return {
        "arn": arn("cloudfront", f"distribution/{distribution.id}", region=""),
        "domainName": found["Distribution"]["DomainName"],
        "hostedZoneId": "Z2FDTNDATAQYW2",  # CloudFront's own, for all distributions
    }


def _delete(aws: Aws, distribution: Resource) -> None:
    found = aws.cloudfront.get_distribution_config(Id=distribution.id)
    disabled = found["DistributionConfig"] | {"Enabled": False}
    etag = aws.cloudfront.update_distribution(
        Id=distribution.id, IfMatch=found["ETag"], DistributionConfig=disabled
    )["ETag"]
    aws.cloudfront.delete_distribution(Id=distribution.id, IfMatch=etag)


def _config(distribution: Resource) -> dict[str, Any]:
    errors = [
        _named(each, ERROR, "an error response")
        for each in distribution.get("customErrorResponses", [])
    ]
    restriction = distribution["restrictions"]["geoRestriction"]
    return {
        "CallerReference": distribution.default_name,
        "Comment": distribution.get("comment", ""),
        "Enabled": distribution["enabled"],
        "Aliases": listed(distribution.get("aliases", [])),
        "Origins": listed([_origin(each) for each in distribution["origins"]]),
        "DefaultCacheBehavior": _behaviour(distribution["defaultCacheBehavior"]),
        "CacheBehaviors": listed(
            [_behaviour(each) for each in distribution.get("orderedCacheBehaviors", [])]
        ),
        "CustomErrorResponses": listed(errors),
        "DefaultRootObject": distribution.get("defaultRootObject", ""),
        "HttpVersion": distribution.get("httpVersion", "http2"),
        "IsIPV6Enabled": distribution.get("isIpv6Enabled", False),
        "PriceClass": distribution.get("priceClass", "PriceClass_All"),
        "WebACLId": distribution.get("webAclId", ""),
        "ViewerCertificate": _named(
            distribution["viewerCertificate"], CERTIFICATE, "the certificate"
        ),
        "Restrictions": {
            "GeoRestriction": listed(restriction.get("locations", []))
            | {"RestrictionType": restriction["restrictionType"]}
        },
    }


def _behaviour(given: Mapping[str, Any]) -> dict[str, Any]:
    own = {"allowedMethods", "cachedMethods", "functionAssociations"}
    functions = [
        {"EventType": each["eventType"], "FunctionARN": each["functionArn"]}
        for each in given.get("functionAssociations", [])
    ]
    methods = {"CachedMethods": listed(given["cachedMethods"])}
    return _named(given, BEHAVIOUR, "a behaviour", own) | {
        "AllowedMethods": listed(given["allowedMethods"]) | methods,
        "FunctionAssociations": listed(functions),
    }


def _origin(given: Mapping[str, Any]) -> dict[str, Any]:
    own = {"customHeaders", "customOriginConfig"}
    headers = [
        {"HeaderName": each["name"], "HeaderValue": each["value"]}
        for each in given.get("customHeaders", [])
    ]
    origin = _named(given, ORIGIN, "an origin", own) | {"CustomHeaders": listed(headers)}
    custom = given.get("customOriginConfig")
    if custom is None:
        return origin | {"S3OriginConfig": {"OriginAccessIdentity": ""}}
    config = _named(custom, CUSTOM_ORIGIN, "an origin", {"originSslProtocols"})
    config["OriginSslProtocols"] = listed(custom["originSslProtocols"])
    host, _, port = str(origin["DomainName"]).partition(":")
    if port:
        config |= {"HTTPPort": int(port), "OriginProtocolPolicy": "http-only"}
    return origin | {"DomainName": host, "CustomOriginConfig": config}


def _named(
    given: Mapping[str, Any], names: Mapping[str, str], what: str, others: set[str] | None = None
) -> dict[str, Any]:
    """What is given under its API names; LocalError for what has none and is not one of the others."""
    unknown = given.keys() - names.keys() - (others or set())
    if unknown:
        raise LocalError(f"the local cloud does not know {what}'s {', '.join(sorted(unknown))}")
    return {names[key]: value for key, value in given.items() if key in names}


TYPES = {
    "aws:cloudfront/distribution:Distribution": ResourceType(
        _create,
        _configure,
        _delete,
        computed=("arn", "domainName", "hostedZoneId"),
        inert=("waitForDeployment", "retainOnDelete"),
    ),
}
