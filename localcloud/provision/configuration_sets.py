"""Configuration sets of SES, and where the events of their mail go."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, camel_case, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel, pascal
from localcloud.provision.tags import read_tags

# Each option with the call that changes it.
OPTIONS = {
    "deliveryOptions": "put_configuration_set_delivery_options",
    "reputationOptions": "put_configuration_set_reputation_options",
    "sendingOptions": "put_configuration_set_sending_options",
    "suppressionOptions": "put_configuration_set_suppression_options",
    "trackingOptions": "put_configuration_set_tracking_options",
}
NAMES = camel(" ".join(OPTIONS))
DEFAULTS: Mapping[str, Any] = {
    "reputationOptions": {"reputationMetricsEnabled": True},
    "sendingOptions": {"sendingEnabled": True},
}


def _create_set(aws: Aws, found: Resource) -> str:
    name = found["configurationSetName"]
    aws.sesv2.create_configuration_set(ConfigurationSetName=name, **found.given(NAMES))
    return name


def _configure_set(aws: Aws, found: Resource) -> Mapping[str, Any]:
    if found.previous is not None:
        for option, call in OPTIONS.items():
            if found.changed(option):
                wanted = found.get(option) or DEFAULTS.get(option, {})
                getattr(aws.sesv2, call)(ConfigurationSetName=found.id, **pascal(wanted))
    return {"arn": _arn(found)}


def _arn(found: Resource) -> str:
    return arn("ses", f"configuration-set/{found.id}")


def _read_set(aws: Aws, found: Resource) -> Mapping[str, Any] | None:
    answer = aws.sesv2.get_configuration_set(ConfigurationSetName=found.id)
    answer["ReputationOptions"].pop("LastFreshStart", None)  # a time, not a setting
    inputs = inputs_of(answer, NAMES) | {
        "configurationSetName": found.id,
        "tags": read_tags(aws, _arn(found)),
    }
    return reported(found, inputs, DEFAULTS)


def _delete_set(aws: Aws, found: Resource) -> None:
    aws.sesv2.delete_configuration_set(ConfigurationSetName=found.id)


def _create_destination(aws: Aws, destination: Resource) -> str:
    made = destination.at(_id(destination))
    aws.sesv2.create_configuration_set_event_destination(**_key(made), **_sent(destination))
    return made.id


def _id(destination: Resource) -> str:
    return f"{destination['configurationSetName']}|{destination['eventDestinationName']}"


def _key(destination: Resource) -> dict[str, str]:
    name, _, own = destination.id.partition("|")
    return {"ConfigurationSetName": name, "EventDestinationName": own}


def _sent(destination: Resource) -> dict[str, Any]:
    return {"EventDestination": pascal(destination["eventDestination"])}


def _configure_destination(aws: Aws, destination: Resource) -> Mapping[str, Any]:
    if destination.previous is not None and destination.changed("eventDestination"):
        aws.sesv2.update_configuration_set_event_destination(
            **_key(destination), **_sent(destination)
        )
    return {}


def _read_destination(aws: Aws, destination: Resource) -> Mapping[str, Any] | None:
    name, _, own = destination.id.partition("|")
    answer = aws.sesv2.get_configuration_set_event_destinations(ConfigurationSetName=name)
    for each in answer.get("EventDestinations", []):
        if each.pop("Name") == own:
            return reported(
                destination,
                {
                    "configurationSetName": name,
                    "eventDestinationName": own,
                    "eventDestination": camel_case(each),
                },
            )
    return None


def _delete_destination(aws: Aws, destination: Resource) -> None:
    aws.sesv2.delete_configuration_set_event_destination(**_key(destination))


TYPES = {
    "aws:sesv2/configurationSet:ConfigurationSet": ResourceType(
        _create_set,
        _configure_set,
        _delete_set,
        _read_set,
        at(lambda found: found["configurationSetName"], _read_set),
        computed=("arn",),
        immutable=("configurationSetName",),
    ),
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": ResourceType(
        _create_destination,
        _configure_destination,
        _delete_destination,
        _read_destination,
        at(_id, _read_destination),
        immutable=("configurationSetName", "eventDestinationName"),
    ),
}
