"""Parameters of the Systems Manager's Parameter Store."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel
from localcloud.provision.tags import read_tags

SETTINGS = camel("type description allowedPattern dataType tier keyId")
VALUES = {"value": "Value", "insecureValue": "Value"}  # the second is not kept as a secret

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
DEFAULTS = {"dataType": "text", "tier": "Standard", "keyId": "alias/aws/ssm"}


def _create_parameter(aws: Aws, parameter: Resource) -> str:
    name = parameter.physical_name()
    _put(aws, parameter, name, overwrite=parameter.get("overwrite", False))
    return name


def _put(aws: Aws, parameter: Resource, name: str, *, overwrite: bool) -> None:
    settings = parameter.reset(SETTINGS, DEFAULTS) | parameter.given(SETTINGS | VALUES)
    aws.ssm.put_parameter(Name=name, Overwrite=overwrite, **settings)


def _configure_parameter(aws: Aws, parameter: Resource) -> Mapping[str, Any]:
    # Each call makes another version, so there is one only if it changes something.
    if parameter.previous is not None and parameter.changed(*SETTINGS, *VALUES):
        _put(aws, parameter, parameter.id, overwrite=True)
    found = aws.ssm.get_parameter(Name=parameter.id)["Parameter"]
    return {"name": parameter.id, "arn": found["ARN"], "version": found["Version"]}


def _read_parameter(aws: Aws, parameter: Resource) -> Mapping[str, Any] | None:
    found = aws.ssm.get_parameter(Name=parameter.id, WithDecryption=True)["Parameter"]
    named = [{"Key": "Name", "Values": [parameter.id]}]
    [about] = aws.ssm.describe_parameters(ParameterFilters=named)["Parameters"]
    value = "insecureValue" if "insecureValue" in parameter.inputs else "value"
    inputs = inputs_of(about, SETTINGS) | {
        "name": parameter.id,
        value: found["Value"],
        "tags": read_tags(aws, found["ARN"]),
    }
    return reported(parameter, inputs, DEFAULTS, name="name")


def _delete_parameter(aws: Aws, parameter: Resource) -> None:
    aws.ssm.delete_parameter(Name=parameter.id)


TYPES = {
    "aws:ssm/parameter:Parameter": ResourceType(
        _create_parameter,
        _configure_parameter,
        _delete_parameter,
        _read_parameter,
        at(Resource.physical_name, _read_parameter),
        named="name",
        computed=("name", "arn", "version"),
        immutable=("name", "dataType"),
    ),
}
