"""The tags that everything carries."""

import pulumi

PROJECT = "orders"


def base_tags(stack: str) -> dict[str, str]:
    """Who made a resource and for which stack: for the bill and for whoever finds it."""
    return {"project": PROJECT, "stack": stack, "managed-by": "pulumi"}


def child(parent: pulumi.Resource, **options) -> pulumi.ResourceOptions:
    """The options of a component's child: its parent, and nothing of the caller's."""
    return pulumi.ResourceOptions(parent=parent, **options)
