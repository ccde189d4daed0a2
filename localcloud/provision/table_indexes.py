"""Indexes of DynamoDB tables, as the program says them and as the API does."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import camel_case
from localcloud.provision.resource import Resource


def attribute_definitions(table: Resource) -> list[dict[str, str]]:
    """The attributes that keys are made of."""
    return [{"AttributeName": a["name"], "AttributeType": a["type"]} for a in table["attributes"]]


def key_schema(hash_key: str, range_key: str | None) -> list[dict[str, str]]:
    """The keys of a table or an index."""
    keys = [{"AttributeName": hash_key, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else [])


def to_api(index: Mapping[str, Any], table_hash_key: str = "") -> dict[str, Any]:
    """An index, its keys given as `hashKey`/`rangeKey` or as `keySchemas` (both forms exist in the provider)."""
    projection: dict[str, Any] = {"ProjectionType": index["projectionType"]}
    if index.get("nonKeyAttributes"):
        projection["NonKeyAttributes"] = sorted(index["nonKeyAttributes"])
    keys = key_schema(index.get("hashKey") or table_hash_key, index.get("rangeKey"))
    if index.get("keySchemas"):
        keys = [
            {"AttributeName": k["attributeName"], "KeyType": k["keyType"]}
            for k in index["keySchemas"]
        ]
    return {"IndexName": index["name"], "KeySchema": keys, "Projection": projection}


def update_indexes(aws: Aws, table: Resource, current: Mapping[str, Any]) -> None:
    """Deletes the global indexes that the program no longer declares so, and makes those that are missing."""
    wanted = {index["name"]: to_api(index) for index in table.get("globalSecondaryIndexes", [])}
    shown = ("IndexName", "KeySchema", "Projection")
    present = {
        index["IndexName"]: {key: index[key] for key in shown}
        for index in current.get("GlobalSecondaryIndexes", [])
    }
    definitions = attribute_definitions(table)
    gone = [name for name in present if wanted.get(name) != present[name]]
    new = [name for name in wanted if wanted[name] != present.get(name)]
    changes: list[dict[str, Any]] = [{"Delete": {"IndexName": name}} for name in gone]
    changes += [{"Create": wanted[name]} for name in new]
    for change in changes:
        aws.dynamodb.update_table(
            TableName=table.id,
            AttributeDefinitions=definitions,
            GlobalSecondaryIndexUpdates=[change],
        )


def read_indexes(table: Resource, found: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The indexes of the kind (`globalSecondaryIndexes`, `localSecondaryIndexes`) in a table's description.

    In the form in which the program gives them; of what the description doesn't say, what was last known is kept.
    """
    given: list[dict[str, Any]] = table.get(kind, [])
    known = {each["name"]: each for each in given}
    return [_read_index(index, known, kind) for index in found.get(kind[:1].upper() + kind[1:], [])]


def _read_index(
    index: Mapping[str, Any], known: Mapping[str, dict[str, Any]], kind: str
) -> dict[str, Any]:
    last = known.get(index["IndexName"], {})
    keys = {each["KeyType"]: each["AttributeName"] for each in index["KeySchema"]}
    shown: dict[str, Any] = {"rangeKey": keys.get("RANGE")}
    if last.get("keySchemas"):
        shown = {"keySchemas": camel_case(index["KeySchema"])}
    elif kind == "globalSecondaryIndexes":
        shown["hashKey"] = keys["HASH"]
    shown["nonKeyAttributes"] = index["Projection"].get("NonKeyAttributes")
    projection = index["Projection"]["ProjectionType"]
    told = {key: value for key, value in shown.items() if value or key in last}
    return last | {"name": index["IndexName"], "projectionType": projection} | told
