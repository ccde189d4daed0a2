"""Groups of Cognito user pools."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

SETTINGS = camel("description precedence roleArn")


def _create_group(aws: Aws, group: Resource) -> str:
    aws.cognito_idp.create_group(
        GroupName=group.physical_name(),
        UserPoolId=group["userPoolId"],
        **group.given(SETTINGS),
    )
    return _id(group)


def _id(group: Resource) -> str:
    return f"{group['userPoolId']}/{group.physical_name()}"


def _configure_group(aws: Aws, group: Resource) -> Mapping[str, Any]:
    if group.previous is not None and group.changed(*SETTINGS):
        _remake(aws, group)
    return {"name": group.physical_name()}


def _remake(aws: Aws, group: Resource) -> None:
    """The emulator has no UpdateGroup: the group is made again with its members."""
    key = {"UserPoolId": group["userPoolId"], "GroupName": group.physical_name()}
    pages = aws.cognito_idp.get_paginator("list_users_in_group").paginate(**key)
    members = [user["Username"] for page in pages for user in page["Users"]]
    aws.cognito_idp.delete_group(**key)
    _create_group(aws, group)
    for member in members:
        aws.cognito_idp.admin_add_user_to_group(**key, Username=member)


def _read_group(aws: Aws, group: Resource) -> Mapping[str, Any] | None:
    pool, _, name = group.id.partition("/")
    found = aws.cognito_idp.get_group(GroupName=name, UserPoolId=pool)["Group"]
    inputs = inputs_of(found, SETTINGS) | {"name": name, "userPoolId": pool}
    return reported(group, inputs, {"precedence": 0}, name="name")


def _delete_group(aws: Aws, group: Resource) -> None:
    pool, _, name = group.id.partition("/")
    aws.cognito_idp.delete_group(GroupName=name, UserPoolId=pool)


TYPES = {
    "aws:cognito/userGroup:UserGroup": ResourceType(
        _create_group,
        _configure_group,
        _delete_group,
        _read_group,
        at(_id, _read_group),
        named="name",
        immutable=("name", "userPoolId"),
    ),
}
