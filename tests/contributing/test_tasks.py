"""CONTRIBUTING's maintenance tasks: a throw-away patch does each, in exactly the files that are listed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATCHES = Path(__file__).parent / "patches"
TASK = re.compile(r"^### (\d)\. ([^\n]+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^\d+\. `([^`]+)`", re.MULTILINE)
CHANGED = re.compile(r"^\+\+\+ b/(.+)$", re.MULTILINE)
STACK = re.compile(r"^\+\+\+ b/Pulumi\.([a-z0-9-]+)\.yaml$", re.MULTILINE)
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
    patch = (PATCHES / f"{number}.patch").read_text("utf-8")
    for stack in STACK.findall(patch) or ["dev"]:
        # In a process of its own, which finds the copy's modules and not these.
        preview = [sys.executable, "-m", "local", "preview", "--stack", stack]
        done = subprocess.run(preview, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
