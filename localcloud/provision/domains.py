"""Custom domains: certificates, their validation, and DNS records. The emulator issues and resolves nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, first, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags

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


def _read_certificate(aws: Aws, certificate: Resource) -> Mapping[str, Any] | None:
    found = aws.acm.describe_certificate(CertificateArn=certificate.id)["Certificate"]
    inputs = {
        "domainName": found["DomainName"],
        "validationMethod": found["DomainValidationOptions"][0].get("ValidationMethod"),
        "tags": read_tags(aws, certificate.id),
    }
    return reported(certificate, inputs)


def _search_certificates(aws: Aws, certificate: Resource) -> Iterator[str]:
    for page in aws.acm.get_paginator("list_certificates").paginate():
        for found in page["CertificateSummaryList"]:
            if found["DomainName"] == certificate["domainName"]:
                yield found["CertificateArn"]


def _delete_certificate(aws: Aws, certificate: Resource) -> None:
    aws.acm.delete_certificate(CertificateArn=certificate.id)


def _await_validation(_aws: Aws, validation: Resource) -> str:
    """On AWS this is a wait for the certificate; here it is issued at once."""
    return validation["certificateArn"]


def _configure_validation(_aws: Aws, _validation: Resource) -> Mapping[str, Any]:
    return {}


def _read_validation(aws: Aws, validation: Resource) -> Mapping[str, Any] | None:
    """Nothing was made, so it is there as long as the certificate is."""
    aws.acm.describe_certificate(CertificateArn=validation.id)
    return reported(validation, {"certificateArn": validation.id})


def _forget_validation(_aws: Aws, _validation: Resource) -> None:
    """Nothing was made."""


def _create_record(aws: Aws, record: Resource) -> str:
    _change(aws, record, "UPSERT")
    return _record_id(record)


def _record_id(record: Resource) -> str:
    return f"{record['zoneId']}_{record['name']}_{record['type']}"


def _configure_record(aws: Aws, record: Resource) -> Mapping[str, Any]:
    if record.previous is not None:
        kind = record.previous.get("type", record["type"])
        if kind != record["type"]:
            _delete_record(aws, Resource("", record.previous, physical_id=record.id))
        _change(aws, record, "UPSERT")
    return {"fqdn": record["name"].rstrip(".")}


def _read_record(aws: Aws, record: Resource) -> Mapping[str, Any] | None:
    zone, _, place = record.id.partition("_")
    name, _, kind = place.rpartition("_")
    kind = record.get("type", kind)  # the id keeps the first one
    answer = aws.route53.list_resource_record_sets(
        HostedZoneId=zone, StartRecordName=name, StartRecordType=kind, MaxItems="1"
    )
    for found in answer["ResourceRecordSets"]:
        if (_host(found["Name"]), found["Type"]) == (_host(name), kind):
            return reported(record, {"zoneId": zone, "name": name, "type": kind} | _target(found))
    return None


def _target(found: Mapping[str, Any]) -> dict[str, Any]:
    """Where a record points to. Of an alias, the host without the dot that may end its name in an answer."""
    if alias := found.get("AliasTarget"):
        given = {name: alias[api] for name, api in DELEGATE.items()}
        return {"aliases": [given | {"name": _host(given["name"])}]}
    return {"ttl": found["TTL"], "records": [each["Value"] for each in found["ResourceRecords"]]}


def _host(name: str) -> str:
    return name.rstrip(".").lower()


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
        _read_certificate,
        first(_search_certificates),
        computed=("arn", "domainValidationOptions"),
        immutable=("domainName", "validationMethod"),
        listed={"domainValidationOptions": tuple(OPTION)},
    ),
    "aws:acm/certificateValidation:CertificateValidation": ResourceType(
        _await_validation,
        _configure_validation,
        _forget_validation,
        _read_validation,
        at(lambda validation: validation["certificateArn"], _read_validation),
        immutable=("certificateArn", "validationRecordFqdns"),
    ),
    "aws:route53/record:Record": ResourceType(
        _create_record,
        _configure_record,
        _delete_record,
        _read_record,
        at(_record_id, _read_record),
        computed=("fqdn",),
        immutable=("zoneId", "name"),
        inert=("allowOverwrite",),
    ),
}
