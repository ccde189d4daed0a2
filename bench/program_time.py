"""How long the program takes under the Recorder, and `make up` with it."""

import subprocess
import sys

from bench.figures import Section, at_most, told
from bench.run import Run
from bench.spread import between, median
from bench.system import up
from local.settings import ROOT

_ROUNDS = 5
_PROGRAM = """\
import time
started = time.perf_counter()
from localcloud.recorder import record
from local.settings import LOCAL_CONFIG
loaded = time.perf_counter()
record("dev", config=LOCAL_CONFIG)
first = time.perf_counter()
record("dev", config=LOCAL_CONFIG)
print(loaded - started, first - loaded, time.perf_counter() - first)
"""


def measure(run: Run) -> Section:
    """Fresh processes, and two `up`s of the cloud that is there."""
    loads, firsts, agains = zip(*(_time() for _ in range(_ROUNDS)), strict=True)
    unchanged = [up(run.cloud.state_dir, run.port) for _ in range(2)]
    return Section(
        "The program",
        figures=[
            at_most("The whole program under the Recorder", median(firsts), 2, "s", _LOADING),
            told("The same again in one process", median(agains), "s"),
            told("Pulumi's SDK loads in", median(loads), "s"),
            at_most("make up, nothing changed", median(unchanged), 20, "s", _LOADING),
            told("make up, new cloud, environment installed", run.first_up, "s"),
        ],
        text=_TEXT.format(spread=between([1000 * each for each in firsts], "ms")),
    )


def _time() -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded, first, again = map(float, done.stdout.split())
    return loaded, first, again


_LOADING = "It is mostly the import of the AWS provider's modules, which a busy machine slows down."
_TEXT = f"""\
The program's time is that of {_ROUNDS} fresh processes, with the AWS provider's modules that it imports:
{{spread}}. Installing the environment from nothing depends on the network and is not
measured here.
"""
