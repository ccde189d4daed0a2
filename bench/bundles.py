"""How large the zips are that go to Lambda."""

from bench.figures import Figure, Section, at_most, table, told
from bench.run import Run
from components import lambda_zip
from components.bundle import contents
from local.settings import LOCAL_CONFIG
from localcloud.recorder import record

_BASE_LIMIT = 3.0  # MB
_MB = 1024**2


def measure(_run: Run) -> Section:
    """Build the zip of every function of the program, with the libraries for Lambda's platform."""
    sizes = {handler: _size(handler, group) for handler, group in sorted(_functions().items())}
    largest: dict[str, float] = {}
    for handler, group in _functions().items():
        largest[group] = max(largest.get(group, 0), sizes[handler])
    return Section(
        "Code size",
        figures=[_figure(group, size) for group, size in sorted(largest.items())],
        text=table(
            ["function", "zip"],
            [[handler.rpartition(".")[0], f"{size:.2f} MB"] for handler, size in sizes.items()],
        ),
    )


def _figure(group: str, size: float) -> Figure:
    name = f"Largest zip of the group {group}"
    if group == "base":
        return at_most(name, size, _BASE_LIMIT, "MB", "A library has joined the group.")
    return told(name, size, "MB")


def _functions() -> dict[str, str]:
    """Handler -> group, of every function that the program declares.

    The local cloud's archives hold the lock of the group's libraries, which names the group.
    """
    recording = record("dev", config=LOCAL_CONFIG)
    found: dict[str, str] = {}
    for function in recording.of_type("aws:lambda/function:Function"):
        names = function.inputs["code"].assets
        (lock,) = [name for name in names if name.startswith("handlers/requirements/")]
        found[function.inputs["handler"]] = lock.rpartition("/")[2].removesuffix(".txt")
    return found


def _size(handler: str, group: str) -> float:
    files = contents(handler.rpartition(".")[0])
    return lambda_zip.zipped_size(lambda_zip.build(handler, files, group)) / _MB
