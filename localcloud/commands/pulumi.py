"""`pulumi`: the Pulumi CLI with an emulator of its own in the place of AWS."""

import argparse

from localcloud.engine import session
from localcloud.engine.workspace import workspace


def pulumi(arguments: argparse.Namespace) -> int:
    """Runs the CLI with the arguments that follow and returns its exit code."""
    return session.run(workspace(arguments.project), arguments.rest)
