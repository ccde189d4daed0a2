"""IAM roles and their inline policies. Enforced: the emulator runs with AUTH=true."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType, camel

SETTINGS = camel("description maxSessionDuration")


def _create_role(aws: Aws, role: Resource) -> str:
    name = role.physical_name()
    aws.iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=role["assumeRolePolicy"], Path=role.get("path", "/")
    )
    return name


def _configure_role(aws: Aws, role: Resource) -> Mapping[str, Any]:
    name = role.id
    aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=role["assumeRolePolicy"])
    aws.iam.update_role(RoleName=name, **role.given(SETTINGS))
    if boundary := role.get("permissionsBoundary"):
        aws.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    elif (role.previous or {}).get("permissionsBoundary"):
        aws.iam.delete_role_permissions_boundary(RoleName=name)
    _attach(aws, name, set(role.get("managedPolicyArns", [])))
    for policy in role.get("inlinePolicies", []):
        aws.iam.put_role_policy(
            RoleName=name, PolicyName=policy["name"], PolicyDocument=policy["policy"]
        )
    described = aws.iam.get_role(RoleName=name)["Role"]
    return {"name": name, "arn": described["Arn"], "uniqueId": described["RoleId"]}


def _attach(aws: Aws, role: str, wanted: set[str]) -> None:
    attached = aws.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    present = {policy["PolicyArn"] for policy in attached}
    for policy in wanted - present:
        aws.iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    for policy in present - wanted:
        aws.iam.detach_role_policy(RoleName=role, PolicyArn=policy)


def _delete_role(aws: Aws, role: Resource) -> None:
    _attach(aws, role.id, set())
    for policy in aws.iam.list_role_policies(RoleName=role.id)["PolicyNames"]:
        aws.iam.delete_role_policy(RoleName=role.id, PolicyName=policy)
    aws.iam.delete_role(RoleName=role.id)


def _put_policy(aws: Aws, policy: Resource) -> str:
    name = policy.physical_name()
    aws.iam.put_role_policy(
        RoleName=policy["role"], PolicyName=name, PolicyDocument=policy["policy"]
    )
    return f"{policy['role']}:{name}"


def _configure_policy(aws: Aws, policy: Resource) -> Mapping[str, Any]:
    _put_policy(aws, policy)
    return {"name": policy.physical_name()}


def _delete_policy(aws: Aws, policy: Resource) -> None:
    role, _, name = policy.id.partition(":")
    aws.iam.delete_role_policy(RoleName=role, PolicyName=name)


TYPES = {
    "aws:iam/role:Role": ResourceType(
        _create_role,
        _configure_role,
        _delete_role,
        computed=("name", "arn", "uniqueId"),
        immutable=("name", "path", "inlinePolicies"),
        inert=("forceDetachPolicies",),
    ),
    "aws:iam/rolePolicy:RolePolicy": ResourceType(
        _put_policy,
        _configure_policy,
        _delete_policy,
        computed=("name",),
        immutable=("name", "role"),
    ),
}
