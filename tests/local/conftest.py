"""The toys of the local cloud's own tests, for the commands that the shop adds."""

from localcloud.tests.conftest import aws, lone_toy, module_toy, shared_cloud, toy

__all__ = ["aws", "lone_toy", "module_toy", "shared_cloud", "toy"]
