"""How long a function's process takes until it is ready, against one that only has a DynamoDB client."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

from bench.figures import Section, at_most, table, told
from bench.plots import Bar, bars
from bench.run import Run
from bench.spread import median, quartiles
from components import lambda_zip
from components.bundle import contents

_ROUNDS = 11
_BARE = "bare client"
_RUNTIME = {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"}
"""boto3 with what it needs, which Lambda's runtime has."""


@dataclass(frozen=True)
class Function:
    """A function's module, the group of its libraries, the clients that it makes, its limit if it has one."""

    module: str
    group: str
    clients: Sequence[str]
    limit: float | None = None

    @property
    def name(self) -> str:
        return f"{self.module.rpartition('.')[2]} ({self.group})"


_FUNCTIONS = (
    Function("handlers.workflow.validate_order", "base", ["dynamodb"], 1.15),
    Function("handlers.workflow.update_inventory", "base", ["dynamodb"], 1.15),
    Function("handlers.workflow.process_payment", "payment", ["dynamodb"], 1.42),
    Function("handlers.workflow.generate_receipt", "receipt", ["s3"], 1.5),
    Function("handlers.api.app", "api", ["dynamodb", "stepfunctions"], 1.42),
    Function("handlers.events.send_email", "mail", ["dynamodb", "sesv2"]),
)

_PROGRAM = """\
import sys
sys.path[:0] = {paths!r}
sys.modules.update(dict.fromkeys({absent!r}))
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
        programs = {_BARE: _program("import boto3\nboto3.client('dynamodb')", "base", code)} | {
            each.name: _program(_ready(each), each.group, code) for each in _FUNCTIONS
        }
        times: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(_ROUNDS + 1):
            # In alternating order, so that what slows the machine down slows all of them.
            for name in programs if number % 2 else reversed(programs):
                taken = _time(programs[name], code)
                if number:
                    times[name].append(taken)
    bare = times[_BARE]
    ratios = {
        each.name: median([one / of for one, of in zip(times[each.name], bare, strict=True)])
        for each in _FUNCTIONS
    }
    return Section(
        "Starting a function",
        figures=[
            at_most(f"Start of {each.name}", ratios[each.name], each.limit, "x", _HEAVIER)
            if each.limit
            else told(f"Start of {each.name}", ratios[each.name], "x")
            for each in _FUNCTIONS
        ],
        text=_TEXT + _table(times, ratios),
        plots={
            "starts.svg": bars(
                "Start of a function's process, bare DynamoDB client = 1",
                [Bar(each.name, ratios[each.name], 0, each.limit) for each in _FUNCTIONS],
                unit="×",
            )
        },
    )


def _ready(function: Function) -> str:
    made = "\n".join(f"client({each!r})" for each in function.clients)
    return f"import {function.module}\nfrom handlers.runtime.aws import client\n{made}"


def _program(statements: str, group: str, code: Path) -> str:
    paths = [str(code), sysconfig.get_path("purelib")]
    return _PROGRAM.format(paths=paths, absent=absent(group), statements=statements)


def absent(group: str) -> list[str]:
    """Return the packages of this environment that a function of the group does not have."""
    lock = lambda_zip.lock_file(group).read_text(encoding="utf-8")
    there = _RUNTIME | set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    return [
        package
        for package, names in sorted(packages_distributions().items())
        if not there & {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    ]


def _compiled(folder: Path) -> Path:
    """The handlers, compiled as in the zip: byte-code that is taken without a look at the source."""
    for each in _FUNCTIONS:
        for name, path in contents(each.module).items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    mode = ["--invalidation-mode", "unchecked-hash"]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *mode, str(folder)], check=True)
    return folder


def _time(program: str, code: Path) -> float:
    """Milliseconds of processor time, in an own process without the environment's start-up files and variables."""
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
that the zips have. What neither a function's zip nor Lambda's runtime has can't be imported.

"""
