"""Lambda event source mappings."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import first, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

MAPPING = camel(
    "batchSize enabled filterCriteria functionResponseTypes maximumBatchingWindowInSeconds"
    " maximumRecordAgeInSeconds maximumRetryAttempts parallelizationFactor scalingConfig tumblingWindowInSeconds"
    " bisectBatchOnFunctionError"
)

# Of a stream, -1 is no limit: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
DEFAULTS = {
    "enabled": True,
    "maximumBatchingWindowInSeconds": 0,
    "maximumRecordAgeInSeconds": -1,
    "maximumRetryAttempts": -1,
    "parallelizationFactor": 1,
    "tumblingWindowInSeconds": 0,
}


def _create_mapping(aws: Aws, mapping: Resource) -> str:
    created = aws.lambda_.create_event_source_mapping(
        EventSourceArn=mapping["eventSourceArn"],
        FunctionName=mapping["functionName"],
        **mapping.given({"startingPosition": "StartingPosition"}),
        **_mapping_settings(mapping),
    )
    return created["UUID"]


def _configure_mapping(aws: Aws, mapping: Resource) -> Mapping[str, Any]:
    if mapping.previous is not None:
        aws.lambda_.update_event_source_mapping(
            UUID=mapping.id,
            FunctionName=mapping["functionName"],
            **mapping.reset(MAPPING, DEFAULTS | {"batchSize": _batch(mapping["eventSourceArn"])}),
            **_mapping_settings(mapping),
        )
    found = arn("lambda", f"event-source-mapping:{mapping.id}")
    return {"uuid": mapping.id, "arn": found, "functionArn": mapping["functionName"]}


def _mapping_settings(mapping: Resource) -> dict[str, Any]:
    settings = mapping.given(MAPPING)
    destinations: dict[str, Any] = mapping.get("destinationConfig") or {}
    if on_failure := destinations.get("onFailure"):
        settings["DestinationConfig"] = {"OnFailure": {"Destination": on_failure["destinationArn"]}}
    elif (mapping.previous or {}).get("destinationConfig"):
        settings["DestinationConfig"] = {"OnFailure": {}}
    return settings


def _batch(source: str) -> int:
    """The default size of a batch."""
    return 10 if ":sqs:" in source else 100


def _delete_mapping(aws: Aws, mapping: Resource) -> None:
    aws.lambda_.delete_event_source_mapping(UUID=mapping.id)


def _read_mapping(aws: Aws, mapping: Resource) -> Mapping[str, Any] | None:
    found = aws.lambda_.get_event_source_mapping(UUID=mapping.id)
    destination = found.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    inputs: dict[str, Any] = inputs_of(found, MAPPING) | {
        "eventSourceArn": found["EventSourceArn"],
        "functionName": _function_of(found, mapping.get("functionName")),
        "startingPosition": found.get("StartingPosition"),
        "enabled": found["State"] in ("Enabled", "Enabling", "Creating", "Updating"),
        "destinationConfig": {"onFailure": {"destinationArn": destination}}
        if destination
        else None,
    }
    return reported(mapping, inputs, DEFAULTS | {"batchSize": _batch(found["EventSourceArn"])})


def _function_of(found: Mapping[str, Any], known: str | None) -> str:
    """The function by its name, or by its ARN if the program says it so."""
    arn_ = str(found["FunctionArn"])
    return arn_ if known is None or known.startswith("arn:") else arn_.split(":function:")[1]


def _search_mapping(aws: Aws, mapping: Resource) -> Iterator[str]:
    """One function reads a source once: AWS refuses a second mapping of the two."""
    found = aws.lambda_.list_event_source_mappings(
        EventSourceArn=mapping["eventSourceArn"], FunctionName=mapping["functionName"]
    )
    yield from (each["UUID"] for each in found["EventSourceMappings"])


TYPES = {
    "aws:lambda/eventSourceMapping:EventSourceMapping": ResourceType(
        _create_mapping,
        _configure_mapping,
        _delete_mapping,
        _read_mapping,
        first(_search_mapping),
        computed=("uuid", "arn", "functionArn"),
        immutable=("eventSourceArn", "startingPosition"),
    ),
}
