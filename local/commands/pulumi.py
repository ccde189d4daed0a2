"""`pulumi`: the Pulumi CLI with an emulator of its own in the place of AWS."""

import argparse

from local.engine import session
from local.engine.workspace import workspace


def pulumi(arguments: argparse.Namespace) -> int:
    """Runs the CLI with the arguments that follow and returns its exit code."""
    return session.run(workspace(), arguments.rest)
