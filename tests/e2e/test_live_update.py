"""`make up` again after an edit: what the edit reaches is updated, live, and nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud import web
from localcloud.instance import running
from localcloud.ports import free_port

_ROOT = Path(__file__).parents[2]
_SITE = Path("frontend/dist")
_IGNORED = shutil.ignore_patterns(".*", "bench", "tests", "docs", "frontend", "__pycache__")


class Checkout:
    """A working copy of the project with a local cloud of its own."""

    def __init__(self, directory: Path, state_dir: Path):
        self.directory, self.state_dir = directory, state_dir
        place = {"LOCAL_STATE_DIR": str(state_dir), "LOCAL_PORT": str(free_port())}
        self._env = os.environ | place

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.directory / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run_up(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "local", "up"]
        return subprocess.run(
            command, cwd=self.directory, env=self._env, capture_output=True, text=True, check=False
        )

    def up(self) -> set[str]:
        """Run `up`; the names of the resources that it says it has touched."""
        result = self.run_up()
        assert result.returncode == 0, result.stdout + result.stderr
        verbs = ("created", "updated", "replaced", "deleted")
        lines = [line.split() for line in result.stdout.splitlines()]
        return {words[2] for words in lines if words and words[0] in verbs}

    def get(self, path: str) -> web.Response:
        return web.request("GET", running.outputs(self.state_dir)["apiUrl"] + path)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    directory = tmp_path_factory.mktemp("checkout") / "orders"
    shutil.copytree(_ROOT, directory, ignore=_IGNORED)
    shutil.copytree(_ROOT / _SITE, directory / _SITE)
    copy = Checkout(directory, tmp_path_factory.mktemp("live"))
    try:
        copy.up()
        yield copy
    finally:
        running.down(copy.state_dir)


def test_nothing_edited_nothing_touched(checkout: Checkout) -> None:
    assert checkout.up() == set()


def test_a_handler_alone(checkout: Checkout) -> None:
    checkout.edit("handlers/api/catalogue.py", "max-age=5", "max-age=6")

    assert checkout.up() == {"order-api-customers"}
    assert checkout.get("/api/products").headers["Cache-Control"] == "public, max-age=6"


def test_a_route(checkout: Checkout) -> None:
    before = checkout.get("/api/catalogue")
    checkout.edit("handlers/api/openapi.yaml", "  /api/products:\n", "  /api/catalogue:\n")
    checkout.edit("handlers/api/catalogue.py", '"/api/products")', '"/api/catalogue")')

    touched = checkout.up()

    assert touched == {
        "order-api-customers",
        "order-api-rest",
        "order-api-deployment",
        "order-api-stage",
    }
    assert before.status == 404
    assert checkout.get("/api/catalogue").json()["products"]
    assert checkout.get("/api/products").status == 404


def test_a_file_of_the_site(checkout: Checkout) -> None:
    checkout.edit(f"{_SITE}/robots.txt", "Allow", "Disallow")

    assert checkout.up() == {"storefront-robots.txt"}


def test_a_config_value(checkout: Checkout) -> None:
    checkout.edit("Pulumi.dev.yaml", "config:\n", "config:\n  orders:maxAttempts: 3\n")

    assert checkout.up() == {"order-workflow-machine", "reconciler-reconcile-orders"}


def test_the_state_machine(checkout: Checkout) -> None:
    checkout.edit("components/order_workflow.asl.yaml", "detail: TOO_OLD", "detail: OLD")

    assert checkout.up() == {"order-workflow-machine"}


def test_a_wrong_config_value_is_told_with_its_key_and_changes_nothing(
    checkout: Checkout,
) -> None:
    checkout.edit("Pulumi.dev.yaml", "orders:maxAttempts: 3", "orders:maxAttempts: many")
    result = checkout.run_up()
    checkout.edit("Pulumi.dev.yaml", "orders:maxAttempts: many", "orders:maxAttempts: 3")

    assert result.returncode == 1
    assert "maxAttempts" in result.stderr
    assert "Traceback" not in result.stderr
    assert checkout.up() == set()
