"""A CloudFront distribution's settings, as the program says them and as the API does.

One translation: an origin that is the emulator itself (its domain name has a port) is reached over plain HTTP.
"""

from collections.abc import Mapping
from typing import Any

from localcloud.errors import LocalError
from localcloud.provision.cloudfront_policies import listed
from localcloud.provision.resource import Resource

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
SETTINGS = {
    "comment": "Comment",
    "enabled": "Enabled",
    "defaultRootObject": "DefaultRootObject",
    "httpVersion": "HttpVersion",
    "isIpv6Enabled": "IsIPV6Enabled",
    "priceClass": "PriceClass",
    "webAclId": "WebACLId",
}


def to_api(distribution: Resource) -> dict[str, Any]:
    """The distribution's inputs as a DistributionConfig; LocalError if it has settings that would be lost."""
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


def to_inputs(config: Mapping[str, Any], distribution: Resource) -> dict[str, Any]:
    """A DistributionConfig as the inputs that it was made from; of those, the known origins are needed."""
    origins: dict[str, Any] = {each["originId"]: each for each in distribution.get("origins", [])}
    geo = config["Restrictions"]["GeoRestriction"]
    errors = [_given(each, ERROR) for each in _items(config, "CustomErrorResponses")]
    return {name: config.get(api) for name, api in SETTINGS.items()} | {
        "aliases": _items(config, "Aliases"),
        "origins": [
            _read_origin(each, origins.get(each["Id"])) for each in _items(config, "Origins")
        ],
        "defaultCacheBehavior": _read_behaviour(config["DefaultCacheBehavior"]),
        "orderedCacheBehaviors": [
            _read_behaviour(each) for each in _items(config, "CacheBehaviors")
        ],
        "customErrorResponses": errors,
        "viewerCertificate": _given(config["ViewerCertificate"], CERTIFICATE),
        "restrictions": {
            "geoRestriction": {"restrictionType": geo["RestrictionType"], "locations": _list(geo)}
        },
    }


def _read_behaviour(found: Mapping[str, Any]) -> dict[str, Any]:
    functions = [
        {"eventType": each["EventType"], "functionArn": each["FunctionARN"]}
        for each in _items(found, "FunctionAssociations")
    ]
    return _given(found, BEHAVIOUR) | {
        "allowedMethods": _items(found, "AllowedMethods"),
        "cachedMethods": _items(found["AllowedMethods"], "CachedMethods"),
        "functionAssociations": functions,
    }


def _read_origin(found: Mapping[str, Any], known: Mapping[str, Any] | None) -> dict[str, Any]:
    headers = [
        {"name": each["HeaderName"], "value": each["HeaderValue"]}
        for each in _items(found, "CustomHeaders")
    ]
    origin = _given(found, ORIGIN) | {"customHeaders": headers}
    custom = found.get("CustomOriginConfig")
    if custom is None:
        return origin
    config = _given(custom, CUSTOM_ORIGIN)
    config["originSslProtocols"] = _items(custom, "OriginSslProtocols")
    if known and known["domainName"] == f"{origin['domainName']}:{config['httpPort']}":
        # Back from the translation to plain HTTP.
        own = {
            name: known["customOriginConfig"][name] for name in ("httpPort", "originProtocolPolicy")
        }
        return origin | {"domainName": known["domainName"], "customOriginConfig": config | own}
    return origin | {"customOriginConfig": config}


def _items(config: Mapping[str, Any], key: str) -> list[Any]:
    return _list(config.get(key) or {})


def _list(counted: Mapping[str, Any]) -> list[Any]:
    return list(counted.get("Items") or [])


def _given(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Those of the settings that are there, under their names in the program."""
    return {name: found[api] for name, api in names.items() if api in found}
