"""CONTRIBUTING's maintenance tasks: a throw-away patch does each, in exactly the files that are listed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.settings import PREVIEW_CONFIG
from localcloud.preview.snapshot import take

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).parent / "patches"
TASK = re.compile(r"^### (\d)\. ([^\n]+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^\d+\. `([^`]+)`", re.MULTILINE)
CHANGED = re.compile(r"^\+\+\+ b/(.+)$", re.MULTILINE)
PROGRAM = ("__main__.py", "Pulumi*.yaml", "components", "handlers", "local", "localcloud")
TASKS = {
    number: FILE.findall(text)
    for number, _title, text in TASK.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
}


def test_there_are_eight_tasks() -> None:
    assert sorted(TASKS) == [str(number) for number in range(1, 9)]


@pytest.mark.parametrize("number", TASKS)
def test_a_task_names_each_file_that_it_touches(number: str) -> None:
    patch = (PATCHES / f"{number}.patch").read_text("utf-8")
    assert sorted(TASKS[number]) == sorted(CHANGED.findall(patch))


@pytest.mark.parametrize("number", TASKS)
def test_a_tasks_patch_applies_and_the_program_runs_with_it(number: str, tmp_path: Path) -> None:
    apply = ["git", "apply", "--unsafe-paths", f"--directory={tmp_path}"]
    subprocess.run(["git", "apply", "--check", PATCHES / f"{number}.patch"], cwd=ROOT, check=True)
    for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    subprocess.run([*apply, PATCHES / f"{number}.patch"], cwd="/", check=True)
    assert take("dev", tmp_path, PREVIEW_CONFIG).resources
