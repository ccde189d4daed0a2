"""The conventions of the source itself: who may import whom, how long things are, what names say."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from components import order_workflow
from tests.support import asl_graph

ROOT = Path(__file__).parents[1]
MAX_FILE_LINES = 250
MAX_FUNCTION_LINES = 40
ENTRY_POINTS = ("api", "workflow", "events")
# What each part of handlers/ may import of handlers/, itself included.
MAY_IMPORT = {
    "domain": {"domain"},
    "runtime": {"runtime"},
    "adapters": {"adapters", "domain", "runtime"},
    **{part: {part, "adapters", "domain", "runtime"} for part in ENTRY_POINTS},
    "sandbox": {"sandbox", "adapters", "runtime"},
}
# The sandbox is a product of its own: of the adapters it may use what knows no orders.
MAY_SERVE_THE_SANDBOX = {
    "handlers.adapters.conditions",
    "handlers.adapters.items",
    "handlers.adapters.payment_secret",
}
OUTSIDE_WORLD = {
    "aiohttp",
    "aws_lambda_powertools.utilities.parameters",
    "boto3",
    "botocore",
    "http.client",
    "httpx",
    "requests",
    "socket",
    "stripe",
    "urllib.request",
    "urllib3",
}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in ROOT.joinpath(folder).rglob("*.py")]
    return sorted(path for path in found if "node_modules" not in path.parts)


HANDLERS = sources("handlers")
EVERYTHING = [
    ROOT / "__main__.py",
    *sources("bench", "components", "handlers", "local", "localcloud", "tests"),
]
# Without what is generated.
STOREFRONT = [
    path
    for path in ROOT.joinpath("frontend", "src").rglob("*.*")
    if path.suffix in {".css", ".ts", ".tsx"} and path.name != "schema.d.ts"
]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or deep inside; names of packages in full."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: a relative import"
            module = node.module or ""
            inner = [f"{module}.{alias.name}" for alias in node.names]
            packages = [each for each in inner if ROOT.joinpath(*each.split(".")).is_dir()]
            modules = [
                each
                for each in inner
                if ROOT.joinpath(*each.split(".")).with_suffix(".py").exists()
            ]
            yield from packages + modules or [module]


def top(module: str) -> str:
    return module.partition(".")[0]


def within(module: str, names: set[str]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in names)


def test_handlers_import_inward_only() -> None:
    outward = {
        f"{name(path)} imports {module}"
        for path in HANDLERS
        for module in imports(path)
        if top(module) == "handlers"
        and module.split(".")[1] not in MAY_IMPORT.get(path.relative_to(ROOT).parts[1], set())
    }
    assert outward == set()


def test_every_part_of_handlers_is_known_here() -> None:
    parts = {path.relative_to(ROOT).parts[1] for path in HANDLERS} - {"__init__.py"}
    assert parts == set(MAY_IMPORT)


def test_the_sandbox_knows_nothing_of_the_shop() -> None:
    used = {module for path in sources("handlers/sandbox") for module in imports(path)}
    assert {each for each in used if within(each, {"handlers.adapters"})} == MAY_SERVE_THE_SANDBOX


def test_the_domain_imports_the_standard_library_and_itself_alone() -> None:
    imported = {top(module) for path in sources("handlers/domain") for module in imports(path)}
    assert imported - sys.stdlib_module_names == {"handlers"}


def test_what_runs_in_lambda_and_what_builds_it_never_import_each_other() -> None:
    building = {"components", "local", "localcloud", "pulumi", "pulumi_aws", "tests"}
    assert not [name(path) for path in HANDLERS if {top(m) for m in imports(path)} & building]
    program = [ROOT / "__main__.py", *sources("components")]
    running = {"handlers", "local", "localcloud", "tests"}
    assert not [name(path) for path in program if {top(m) for m in imports(path)} & running]


def test_the_local_cloud_knows_nothing_of_the_shop() -> None:
    shop = {"bench", "components", "handlers", "local", "tests"}
    found = sources("localcloud")
    assert not [name(path) for path in found if {top(m) for m in imports(path)} & shop]


def test_only_adapters_and_the_sandboxs_table_and_sender_reach_the_outside_world() -> None:
    reaching = {
        (name(path), module)
        for path in HANDLERS
        for module in imports(path)
        if within(module, OUTSIDE_WORLD) and path.relative_to(ROOT).parts[1] != "adapters"
    }
    clients = "handlers/runtime/aws.py"
    assert reaching == {
        *((clients, name) for name in ("boto3", "botocore.config", "botocore.exceptions")),
        ("handlers/sandbox/table.py", "botocore.exceptions"),
        ("handlers/sandbox/send_events.py", "http.client"),
    }


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        name(path)
        for path in HANDLERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    }
    assert readers == {"handlers/runtime/settings.py"}


def test_only_the_settings_read_the_stacks_config() -> None:
    readers = {
        name(path)
        for path in [ROOT / "__main__.py", *sources("components")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("Config", "get_config")
    }
    assert readers == {"components/settings.py", "components/stripe_config.py"}


def test_the_program_makes_no_raw_resource() -> None:
    called = [
        node.func
        for node in ast.walk(tree(ROOT / "__main__.py"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    of_aws = [ast.unparse(func) for func in called if ast.unparse(func).startswith("aws.")]
    assert [func for func in of_aws if not func.startswith("aws.get_")] == []


def test_a_file_can_be_read_in_one_go() -> None:
    files = [*EVERYTHING, *STOREFRONT]
    assert len(STOREFRONT) > 50
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_a_function_can_be_seen_as_a_whole() -> None:
    lengths = {
        f"{name(path)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in EVERYTHING
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {each: lines for each, lines in lengths.items() if lines > MAX_FUNCTION_LINES} == {}


def test_no_module_is_named_for_being_useful() -> None:
    vague = {"common", "helper", "helpers", "misc", "shared", "util", "utils"}
    named = {part for path in EVERYTHING for part in path.relative_to(ROOT).with_suffix("").parts}
    assert named & vague == set()


def test_a_folder_of_tests_holds_nothing_else() -> None:
    """What tests share lies in support/: promises in one place, machinery in the other."""
    found = [path.relative_to(ROOT) for path in sources("tests", "localcloud/tests")]
    tests = [path for path in found if "support" not in path.parts and path.name != "conftest.py"]
    assert len(tests) > 100
    assert [path for path in tests if not path.match("test_*.py")] == []


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    texts = [*EVERYTHING, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.yaml")]
    texts += [ROOT / "Makefile", *ROOT.glob("components/*.json")]
    texts += [path for kind in ("json", "yaml") for path in ROOT.glob(f"handlers/**/*.{kind}")]
    texts += [*ROOT.glob("components/*.yaml")]
    left = [name(path) for path in texts if any(mark in path.read_text("utf-8") for mark in marks)]
    assert left == []


def test_components_say_their_types_as_they_are() -> None:
    """Pulumi reads annotations at run time; postponed ones are text to it."""
    assert not [name(path) for path in sources("components") if "__future__" in imports(path)]


def test_every_module_says_what_it_is() -> None:
    modules = [path for path in EVERYTHING if "tests" not in path.parts and len(tree(path).body)]
    assert [name(path) for path in modules if not ast.get_docstring(tree(path))] == []


def test_every_step_has_its_state_and_its_test() -> None:
    """Stems repeat, so whoever looks for a step finds all of it."""
    states = asl_graph.all_states(order_workflow.definition())
    steps = {path.stem for path in sources("handlers/workflow")} - {"__init__", "step"}
    for step in steps:
        assert "".join(word.title() for word in step.split("_")) in states, step
        assert (ROOT / "tests" / "handlers" / "workflow" / f"test_{step}.py").is_file(), step
