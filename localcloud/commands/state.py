"""`down` and `outputs`: the cloud that is there."""

import argparse
import json

from localcloud import settings
from localcloud.instance import running


def down(_arguments: argparse.Namespace) -> int:
    """Stops the emulator, and the engine's own, and forgets everything."""
    stopped = [running.down_engine(settings.engine_dir()), running.down(settings.state_dir())]
    print("stopped" if any(stopped) else "the local cloud was not running")
    return 0


def outputs(_arguments: argparse.Namespace) -> int:
    """Prints the outputs as JSON."""
    print(json.dumps(running.outputs(settings.state_dir()), indent=2, sort_keys=True))
    return 0
