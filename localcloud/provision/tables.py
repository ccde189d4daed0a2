"""DynamoDB tables."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.table_indexes import (
    attribute_definitions,
    key_schema,
    read_indexes,
    to_api,
    update_indexes,
)
from localcloud.provision.tags import read_tags

DEFAULTS = {
    "billingMode": "PROVISIONED",
    "tableClass": "STANDARD",
    "readCapacity": 1,
    "writeCapacity": 1,
}
OWN_KEY = "alias/aws/dynamodb"  # the key that encrypts a table whose program names none


def _create_table(aws: Aws, table: Resource) -> str:
    name = table.physical_name()
    indexes = {index["name"]: to_api(index) for index in table.get("globalSecondaryIndexes", [])}
    local_indexes = [
        to_api(index, table["hashKey"]) for index in table.get("localSecondaryIndexes", [])
    ]
    aws.dynamodb.create_table(
        TableName=name,
        KeySchema=key_schema(table["hashKey"], table.get("rangeKey")),
        AttributeDefinitions=attribute_definitions(table),
        **({"GlobalSecondaryIndexes": list(indexes.values())} if indexes else {}),
        **({"LocalSecondaryIndexes": local_indexes} if local_indexes else {}),
        **_throughput(table),
        **table.given({"tableClass": "TableClass"}),
    )
    return name


def _configure_table(aws: Aws, table: Resource) -> Mapping[str, Any]:
    name = table.id
    current = aws.dynamodb.describe_table(TableName=name)["Table"]
    if table.previous is not None:
        update_indexes(aws, table, current)
        if changes := _billing_changes(table, current):
            aws.dynamodb.update_table(TableName=name, **changes)
    _update_stream(aws, table, current)
    protected = bool(table.get("deletionProtectionEnabled", False))
    encryption = {"Enabled": bool(table.get("serverSideEncryption", {}).get("enabled", False))}
    if key := table.get("serverSideEncryption", {}).get("kmsKeyArn"):
        encryption |= {"SSEType": "KMS", "KMSMasterKeyId": key}
    aws.dynamodb.update_table(
        TableName=name, DeletionProtectionEnabled=protected, SSESpecification=encryption
    )
    if table.changed("ttl") and (table.get("ttl") or table.previous):
        _update_ttl(aws, table)
    recovery = {
        "PointInTimeRecoveryEnabled": bool(
            table.get("pointInTimeRecovery", {}).get("enabled", False)
        )
    }
    aws.dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification=recovery
    )
    described = aws.dynamodb.describe_table(TableName=name)["Table"]
    return {
        "name": name,
        "arn": described["TableArn"],
        "streamArn": described.get("LatestStreamArn", ""),
        "streamLabel": described.get("LatestStreamLabel", ""),
    }


def _delete_table(aws: Aws, table: Resource) -> None:
    aws.dynamodb.delete_table(TableName=table.id)


def _billing_changes(table: Resource, current: Mapping[str, Any]) -> dict[str, Any]:
    """What UpdateTable is to change: it refuses the throughput that the table has already."""
    wanted = _throughput(table)
    mode = current.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    units = current["ProvisionedThroughput"]
    same = mode == wanted["BillingMode"] and all(
        units[key] == value for key, value in wanted.get("ProvisionedThroughput", {}).items()
    )
    kind = table.get("tableClass", DEFAULTS["tableClass"])
    present = current.get("TableClassSummary", {}).get("TableClass", DEFAULTS["tableClass"])
    return ({} if same else wanted) | ({} if kind == present else {"TableClass": kind})


def _throughput(table: Resource) -> dict[str, Any]:
    mode = table.get("billingMode", "PROVISIONED")
    if mode == "PAY_PER_REQUEST":
        return {"BillingMode": mode}
    units = {
        "ReadCapacityUnits": table.get("readCapacity", 1),
        "WriteCapacityUnits": table.get("writeCapacity", 1),
    }
    return {"BillingMode": mode, "ProvisionedThroughput": units}


def _update_stream(aws: Aws, table: Resource, current: Mapping[str, Any]) -> None:
    enabled = bool(table.get("streamEnabled", False))
    view = table.get("streamViewType", "NEW_AND_OLD_IMAGES")
    present: dict[str, Any] = current.get("StreamSpecification") or {}
    is_enabled = bool(present.get("StreamEnabled", False))
    if is_enabled == enabled and (not enabled or present.get("StreamViewType") == view):
        return
    if is_enabled:
        aws.dynamodb.update_table(TableName=table.id, StreamSpecification={"StreamEnabled": False})
    if enabled:
        stream = {"StreamEnabled": True, "StreamViewType": view}
        aws.dynamodb.update_table(TableName=table.id, StreamSpecification=stream)


def _update_ttl(aws: Aws, table: Resource) -> None:
    before: dict[str, Any] = (table.previous or {}).get("ttl") or {}
    none = {"attributeName": before.get("attributeName", "-"), "enabled": False}
    ttl: dict[str, Any] = table.get("ttl") or none
    aws.dynamodb.update_time_to_live(
        TableName=table.id,
        TimeToLiveSpecification={
            "AttributeName": ttl["attributeName"],
            "Enabled": bool(ttl.get("enabled", False)),
        },
    )


def _read_table(aws: Aws, table: Resource) -> Mapping[str, Any] | None:
    found = aws.dynamodb.describe_table(TableName=table.id)["Table"]
    keys = {each["KeyType"]: each["AttributeName"] for each in found["KeySchema"]}
    stream: dict[str, Any] = found.get("StreamSpecification") or {}
    billing = found.get("BillingModeSummary", {}).get("BillingMode")
    attributes = found["AttributeDefinitions"]
    inputs = {
        "name": table.id,
        "hashKey": keys["HASH"],
        "rangeKey": keys.get("RANGE"),
        "attributes": [
            {"name": a["AttributeName"], "type": a["AttributeType"]} for a in attributes
        ],
        "billingMode": billing,
        "tableClass": found.get("TableClassSummary", {}).get("TableClass"),
        "globalSecondaryIndexes": read_indexes(table, found, "globalSecondaryIndexes"),
        "localSecondaryIndexes": read_indexes(table, found, "localSecondaryIndexes"),
        "streamEnabled": bool(stream.get("StreamEnabled")),
        "streamViewType": stream.get("StreamViewType") or None,
        "deletionProtectionEnabled": bool(found.get("DeletionProtectionEnabled")),
        "serverSideEncryption": _read_encryption(found.get("SSEDescription") or {}),
        "ttl": _read_ttl(aws, table),
        "pointInTimeRecovery": {"enabled": _has_recovery(aws, table)},
        "tags": read_tags(aws, arn("dynamodb", f"table/{table.id}")),
    }
    if billing != "PAY_PER_REQUEST":
        units = found["ProvisionedThroughput"]
        inputs["readCapacity"] = units["ReadCapacityUnits"]
        inputs["writeCapacity"] = units["WriteCapacityUnits"]
    return reported(table, inputs, DEFAULTS, name="name")


def _read_encryption(description: Mapping[str, Any]) -> dict[str, Any]:
    enabled = description.get("Status") in ("ENABLED", "UPDATING")
    key = str(description.get("KMSMasterKeyArn", ""))
    return {"enabled": enabled, "kmsKeyArn": None if key.endswith(OWN_KEY) else key}


def _read_ttl(aws: Aws, table: Resource) -> Mapping[str, Any] | None:
    ttl = aws.dynamodb.describe_time_to_live(TableName=table.id)["TimeToLiveDescription"]
    if ttl["TimeToLiveStatus"] in ("ENABLED", "ENABLING"):
        return {"attributeName": ttl["AttributeName"], "enabled": True}
    known: dict[str, Any] = table.get("ttl") or {}
    return None if known.get("enabled") else known


def _has_recovery(aws: Aws, table: Resource) -> bool:
    backups = aws.dynamodb.describe_continuous_backups(TableName=table.id)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return recovery["PointInTimeRecoveryStatus"] == "ENABLED"


TYPES = {
    "aws:dynamodb/table:Table": ResourceType(
        _create_table,
        _configure_table,
        _delete_table,
        _read_table,
        at(Resource.physical_name, _read_table),
        named="name",
        computed=("name", "arn", "streamArn", "streamLabel"),
        immutable=("name", "hashKey", "rangeKey", "localSecondaryIndexes"),
    ),
}
