"""How long a function's process takes until it is ready, against one that only has a DynamoDB client."""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from bench.figures import Section, at_most, table, told
from bench.plots import Bar, bars
from bench.run import Run
from bench.spread import median, quartiles
from components.bundle import contents

_ROUNDS = 11
_BARE = "bare client"
_BASE_LIMIT, _HEAVY_LIMIT = 1.15, 1.5

_FUNCTIONS = {
    "validate_order (base)": ("handlers.workflow.validate_order", ["dynamodb"], _BASE_LIMIT),
    "update_inventory (base)": ("handlers.workflow.update_inventory", ["dynamodb"], _BASE_LIMIT),
    "process_payment (payment)": ("handlers.workflow.process_payment", ["dynamodb"], _HEAVY_LIMIT),
    "generate_receipt (receipt)": ("handlers.workflow.generate_receipt", ["s3"], _HEAVY_LIMIT),
    "app (api)": ("handlers.api.app", ["dynamodb", "stepfunctions"], None),
    "send_email (base)": ("handlers.events.send_email", ["dynamodb", "sesv2"], None),
}
"""Function and its group -> its module, the clients that it makes, the limit if there is one."""

_PROGRAM = """\
import sys
sys.path[:0] = {paths!r}
# What Lambda's own start has loaded before any function's code: the imports of its runtime client.
import base64, concurrent.futures, datetime, decimal, http.client, importlib, json, logging, os, random, re
import traceback, types, typing, urllib.parse, uuid, warnings
import time
started = time.process_time()
{statements}
print(1000 * (time.process_time() - started))
"""


def measure(_run: Run) -> Section:
    """Fresh processes by turns, the bare one in each round; the first round is not counted."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        code = _compiled(Path(folder))
        programs = {_BARE: "import boto3\nboto3.client('dynamodb')"} | {
            name: _ready(module, clients) for name, (module, clients, _) in _FUNCTIONS.items()
        }
        times: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(_ROUNDS + 1):
            # In alternating order, so that what slows the machine down slows all of them.
            for name in programs if number % 2 else reversed(programs):
                taken = _time(programs[name], code)
                if number:
                    times[name].append(taken)
    ratios = {
        name: median([one / bare for one, bare in zip(times[name], times[_BARE], strict=True)])
        for name in _FUNCTIONS
    }
    limits = {name: limit for name, (_, _, limit) in _FUNCTIONS.items()}
    return Section(
        "Starting a function",
        figures=[
            at_most(f"Start of {name}", ratio, limit, "x", _HEAVIER)
            if (limit := limits[name])
            else told(f"Start of {name}", ratio, "x")
            for name, ratio in ratios.items()
        ],
        text=_TEXT + _table(times, ratios),
        plots={
            "starts.svg": bars(
                "Start of a function's process, bare DynamoDB client = 1",
                [Bar(name, ratio, 0, limits[name]) for name, ratio in ratios.items()],
                unit="×",
            )
        },
    )


def _ready(module: str, clients: list[str]) -> str:
    made = "\n".join(f"client({each!r})" for each in clients)
    return f"import {module}\nfrom handlers.runtime.aws import client\n{made}"


def _compiled(folder: Path) -> Path:
    """The handlers, compiled as in the zip: byte-code that is taken without a look at the source."""
    for module, _, _ in _FUNCTIONS.values():
        for name, path in contents(module).items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    mode = ["--invalidation-mode", "unchecked-hash"]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *mode, str(folder)], check=True)
    return folder


def _time(statements: str, code: Path) -> float:
    """Milliseconds of processor time, in an own process without the environment's start-up files and variables."""
    paths = [str(code), sysconfig.get_path("purelib")]
    program = _PROGRAM.format(paths=paths, statements=statements)
    variables = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env=variables,
        cwd=code,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"a start failed: {done.stderr.strip().splitlines()[-1]}")
    return float(done.stdout)


def _table(times: dict[str, list[float]], ratios: dict[str, float]) -> str:
    rows: list[list[str]] = []
    for name, taken in times.items():
        first, third = quartiles(taken)
        ratio = f"{ratios[name]:.2f}×" if name in ratios else "1"
        rows.append([name, ratio, f"{median(taken):.0f} ms", f"{first:.0f} to {third:.0f} ms"])
    return table(["process", "ratio", "median", "the middle half"], rows)


_HEAVIER = (
    "It is the import of libraries beside boto3: powertools in all functions, of which the package alone "
    "loads its Tracer and Metrics, and stripe or reportlab. A logger without powertools would reach it."
)
_TEXT = f"""\
{_ROUNDS} rounds; in each, one fresh process of every kind, in alternating order. The time is processor time, which is
nearly all of a start, of the imports and of making the clients that the function uses, on top of what
Lambda's own start has loaded.
A ratio is the median of the rounds' ratios to the bare process of the same round. The handlers are
compiled as in the zip; the libraries are those of this environment, compiled too, in the versions
that the zips have.

"""
