"""StorefrontAddress: the storefront's origin, where functions made before the storefront read it.

The storefront stands before the API, and the API starts the workflow. So the workflow's functions
can't have the address as a variable, and read a parameter whose name is known from the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import PROJECT, child


def grant_read_address(stack: str, account_id: pulumi.Input[str]) -> Grant:
    """Read the address of this stack's storefront."""
    region = aws.get_region_output().region
    arn = pulumi.Output.concat(
        "arn:aws:ssm:", region, ":", account_id, ":parameter", _parameter(stack)
    )
    read = Statement(actions=["ssm:GetParameter"], resources=[arn])
    return Grant(env={"STOREFRONT_PARAMETER": _parameter(stack)}, statements=[read])


@dataclass(frozen=True, kw_only=True)
class StorefrontAddressArgs:
    """`storefront_url` is an origin (https://… without a path)."""

    tags: Mapping[str, str]
    stack: str
    storefront_url: pulumi.Input[str]


class StorefrontAddress(pulumi.ComponentResource):
    """One parameter in Systems Manager's Parameter Store."""

    def __init__(
        self, name: str, args: StorefrontAddressArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:StorefrontAddress", name, {}, opts)
        parameter = aws.ssm.Parameter(
            f"{name}-parameter",
            name=_parameter(args.stack),
            description="Where the storefront is, for the links that the functions make",
            type=aws.ssm.ParameterType.STRING,
            value=args.storefront_url,
            tags=args.tags,
            opts=child(self),
        )
        self.register_outputs({"parameterName": parameter.name})


def _parameter(stack: str) -> str:
    """Return the parameter's name, which one stack of an account and region has."""
    return f"/{PROJECT}/{stack}/storefront-url"
