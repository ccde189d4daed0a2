"""DynamoDB tables and items."""

import json
from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType


def _create_table(aws: Aws, table: Resource) -> str:
    name = table.physical_name()
    indexes = {index["name"]: _index(index) for index in table.get("globalSecondaryIndexes", [])}
    local_indexes = [
        _index(index, table["hashKey"]) for index in table.get("localSecondaryIndexes", [])
    ]
    aws.dynamodb.create_table(
        TableName=name,
        KeySchema=_key_schema(table["hashKey"], table.get("rangeKey")),
        AttributeDefinitions=_attributes(table),
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
        _update_indexes(aws, table, current)
        if table.changed("billingMode", "tableClass", "readCapacity", "writeCapacity"):
            aws.dynamodb.update_table(
                TableName=name, **_throughput(table), **table.given({"tableClass": "TableClass"})
            )
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


def _throughput(table: Resource) -> dict[str, Any]:
    mode = table.get("billingMode", "PROVISIONED")
    if mode == "PAY_PER_REQUEST":
        return {"BillingMode": mode}
    units = {
        "ReadCapacityUnits": table.get("readCapacity", 1),
        "WriteCapacityUnits": table.get("writeCapacity", 1),
    }
    return {"BillingMode": mode, "ProvisionedThroughput": units}


def _attributes(table: Resource) -> list[dict[str, str]]:
    return [{"AttributeName": a["name"], "AttributeType": a["type"]} for a in table["attributes"]]


def _key_schema(hash_key: str, range_key: str | None) -> list[dict[str, str]]:
    keys = [{"AttributeName": hash_key, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else [])


def _index(index: Mapping[str, Any], table_hash_key: str = "") -> dict[str, Any]:
    """An index, its keys given as `hashKey`/`rangeKey` or as `keySchemas` (both forms exist in the provider)."""
    projection: dict[str, Any] = {"ProjectionType": index["projectionType"]}
    if index.get("nonKeyAttributes"):
        projection["NonKeyAttributes"] = sorted(index["nonKeyAttributes"])
    keys = _key_schema(index.get("hashKey") or table_hash_key, index.get("rangeKey"))
    if index.get("keySchemas"):
        keys = [
            {"AttributeName": k["attributeName"], "KeyType": k["keyType"]}
            for k in index["keySchemas"]
        ]
    return {"IndexName": index["name"], "KeySchema": keys, "Projection": projection}


def _update_indexes(aws: Aws, table: Resource, current: Mapping[str, Any]) -> None:
    wanted = {index["name"]: _index(index) for index in table.get("globalSecondaryIndexes", [])}
    shown = ("IndexName", "KeySchema", "Projection")
    present = {
        index["IndexName"]: {key: index[key] for key in shown}
        for index in current.get("GlobalSecondaryIndexes", [])
    }
    gone = [name for name in present if wanted.get(name) != present[name]]
    new = [name for name in wanted if wanted[name] != present.get(name)]
    changes: list[dict[str, Any]] = [{"Delete": {"IndexName": name}} for name in gone]
    changes += [{"Create": wanted[name]} for name in new]
    for change in changes:
        aws.dynamodb.update_table(
            TableName=table.id,
            AttributeDefinitions=_attributes(table),
            GlobalSecondaryIndexUpdates=[change],
        )


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


def _create_item(aws: Aws, item: Resource) -> str:
    attributes = json.loads(item["item"])
    aws.dynamodb.put_item(TableName=item["tableName"], Item=attributes)
    return "|".join(
        [item["tableName"], *(str(value) for value in _item_key(item, attributes).values())]
    )


def _configure_item(aws: Aws, item: Resource) -> Mapping[str, Any]:
    attributes = json.loads(item["item"])
    key = _item_key(item, attributes)
    if item.previous is not None:
        before = _item_key(item, json.loads(item.previous["item"]))
        if before != key:
            aws.dynamodb.delete_item(TableName=item["tableName"], Key=before)
        aws.dynamodb.put_item(TableName=item["tableName"], Item=attributes)
    return {}


def _delete_item(aws: Aws, item: Resource) -> None:
    key = _item_key(item, json.loads(item["item"]))
    aws.dynamodb.delete_item(TableName=item["tableName"], Key=key)


def _item_key(item: Resource, attributes: Mapping[str, Any]) -> dict[str, Any]:
    names = [item["hashKey"]] + ([item["rangeKey"]] if item.get("rangeKey") else [])
    return {name: attributes[name] for name in names}


TYPES = {
    "aws:dynamodb/table:Table": ResourceType(
        _create_table,
        _configure_table,
        _delete_table,
        computed=("name", "arn", "streamArn", "streamLabel"),
        immutable=("name", "hashKey", "rangeKey", "localSecondaryIndexes"),
    ),
    "aws:dynamodb/tableItem:TableItem": ResourceType(
        _create_item,
        _configure_item,
        _delete_item,
        immutable=("tableName", "hashKey", "rangeKey"),
    ),
}
