"""Custom domains: certificates, their validation, and DNS records. The emulator issues and resolves nothing."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType

OPTION = {"resourceRecordName": "Name", "resourceRecordValue": "Value"}
DELEGATE = {
    "name": "DNSName",
    "zoneId": "HostedZoneId",
    "evaluateTargetHealth": "EvaluateTargetHealth",
}


def _request(aws: Aws, certificate: Resource) -> str:
    return aws.acm.request_certificate(
        DomainName=certificate["domainName"], ValidationMethod=certificate["validationMethod"]
    )["CertificateArn"]


def _configure_certificate(aws: Aws, certificate: Resource) -> Mapping[str, Any]:
    described = aws.acm.describe_certificate(CertificateArn=certificate.id)["Certificate"]
    options = [
        {name: each["ResourceRecord"][api] for name, api in OPTION.items()}
        for each in described["DomainValidationOptions"]
    ]
    return {"arn": certificate.id, "domainValidationOptions": options}


def _delete_certificate(aws: Aws, certificate: Resource) -> None:
    aws.acm.delete_certificate(CertificateArn=certificate.id)


def _await_validation(_aws: Aws, validation: Resource) -> str:
    """On AWS this is a wait for the certificate; here it is issued at once."""
    return validation["certificateArn"]


def _configure_validation(_aws: Aws, _validation: Resource) -> Mapping[str, Any]:
    return {}


def _forget_validation(_aws: Aws, _validation: Resource) -> None:
    """Nothing was made."""


def _create_record(aws: Aws, record: Resource) -> str:
    _change(aws, record, "UPSERT")
    return f"{record['zoneId']}_{record['name']}_{record['type']}"


def _configure_record(aws: Aws, record: Resource) -> Mapping[str, Any]:
    if record.previous is not None:
        _change(aws, record, "UPSERT")
    return {"fqdn": record["name"].rstrip(".")}


def _delete_record(aws: Aws, record: Resource) -> None:
    _change(aws, record, "DELETE")


def _change(aws: Aws, record: Resource, action: str) -> None:
    wanted: dict[str, Any] = {"Name": record["name"], "Type": record["type"]}
    if aliases := record.get("aliases"):
        wanted["AliasTarget"] = {api: aliases[0][name] for name, api in DELEGATE.items()}
    else:
        wanted["TTL"] = record["ttl"]
        wanted["ResourceRecords"] = [{"Value": value} for value in record["records"]]
    aws.route53.change_resource_record_sets(
        HostedZoneId=record["zoneId"],
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": wanted}]},
    )


TYPES = {
    "aws:acm/certificate:Certificate": ResourceType(
        _request,
        _configure_certificate,
        _delete_certificate,
        computed=("arn", "domainValidationOptions"),
        immutable=("domainName", "validationMethod"),
        listed={"domainValidationOptions": tuple(OPTION)},
    ),
    "aws:acm/certificateValidation:CertificateValidation": ResourceType(
        _await_validation,
        _configure_validation,
        _forget_validation,
        immutable=("certificateArn", "validationRecordFqdns"),
    ),
    "aws:route53/record:Record": ResourceType(
        _create_record,
        _configure_record,
        _delete_record,
        computed=("fqdn",),
        immutable=("zoneId", "name", "type"),
        inert=("allowOverwrite",),
    ),
}
