"""Pulumi's real engine on this machine: the table of resource types as its `aws` provider.

`pulumi up` runs the Pulumi CLI against an emulator of its own. The CLI starts two
plugins from here: the provider, and a Python language host where the CLI brings none.
"""
