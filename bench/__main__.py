"""`python -m bench`: measure everything, print the table, write docs/performance.md.

A new part of the report is a module with `measure(run) -> Section`, and its name in SECTIONS.
"""

import json
import sys
import time
from collections.abc import Callable

from bench import (
    bundles,
    calls,
    cost,
    imports,
    latency,
    program_time,
    report,
    storefront,
    system,
    throughput,
)
from bench.figures import Figure, Section
from bench.run import Run
from localcloud.errors import LocalError
from localcloud.instance.running import outputs_file
from localcloud.ports import free_port

# In this order: the system is alone until it has been loaded, and `calls` puts counters around it.
SECTIONS: tuple[Callable[[Run], Section], ...] = (
    program_time.measure,
    throughput.measure,
    latency.measure,
    calls.measure,
    cost.measure,
    imports.measure,
    bundles.measure,
    storefront.measure,
)


def main() -> int:
    """1 if something could not be measured; a missed target is told and is no failure."""
    started = time.monotonic()
    try:
        with system.folder() as state_dir:
            port = free_port()
            _say("the local cloud comes up")
            first_up = system.up(state_dir, port)
            outputs = json.loads(outputs_file(state_dir).read_text(encoding="utf-8"))
            run = Run(system.Cloud(state_dir, outputs), port, first_up)
            sections = [_measured(measure, run) for measure in SECTIONS]
    except (LocalError, RuntimeError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    report.write(sections, time.monotonic() - started)
    figures = [figure for section in sections for figure in section.figures]
    print(f"\n{report.summary(figures)}\n\nwritten: docs/performance.md")
    return int(any(figure.measured.startswith(_NOT_MEASURED) for figure in figures))


def _measured(measure: Callable[[Run], Section], run: Run) -> Section:
    """The section, or in its place that it could not be measured: the others don't depend on it."""
    name = measure.__module__.rpartition(".")[2].replace("_", " ")
    _say(name)
    started = time.monotonic()
    try:
        section = measure(run)
    except Exception as error:
        reason = f"{_NOT_MEASURED}: {type(error).__name__}: {error}"
        _say(f"  {reason}")
        return Section(name.capitalize(), [Figure(name.capitalize(), reason, "measured", False)])
    _say(f"  in {time.monotonic() - started:.0f} s")
    return section


def _say(text: str) -> None:
    print(text, flush=True)


_NOT_MEASURED = "not measured"

if __name__ == "__main__":
    sys.exit(main())
