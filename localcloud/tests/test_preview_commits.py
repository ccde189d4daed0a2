"""Previews against a git ref: the other tree runs in a process of its own, and failing is one line."""

import tempfile
from pathlib import Path

import pytest

from localcloud.errors import LocalError
from localcloud.preview import commits, report
from localcloud.program import load
from localcloud.tests.support.history import History

PROJECT = """
    name: orders
    runtime: python
    config:
      apiKey: {type: string, secret: true}
      other: {type: string, default: ""}
"""
LEAKS = """
    key = config.require_secret("apiKey")
    plain = config.require("apiKey")
    aws.secretsmanager.SecretVersion("value", secret_id="s", secret_string=config.get("other"))
    aws.sns.Topic("topic", display_name=key, tags={"plain": plain})
    aws.iam.RolePolicy("policy", role="r", policy=pulumi.Output.json_dumps(
        {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": key}]}
    ))
    aws.sfn.StateMachine("flow", role_arn="r", definition=pulumi.Output.json_dumps({"key": key}))
    aws.sqs.Queue("queue", tags={"key": pulumi.Output.secret("MADE-IN-CODE")})
    pulumi.export("key", key)
    print("printed by the program")
"""
WHEREVER = ("sk_live", "AAABBBCCC", "MADE-IN-CODE", "SECRET-OF-OTHER", "printed by")


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """A project whose temporary files are counted."""
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    history = History(tmp_path / "project")
    history.write("Pulumi.yaml", "name: orders\nruntime: python\n")
    history.write("Pulumi.dev.yaml", "config: {}\n")
    return history


def left_over() -> list[Path]:
    return list(Path(tempfile.gettempdir()).iterdir())


def fails(history: History, base: str = "HEAD") -> str:
    with pytest.raises(LocalError) as raised:
        history.preview(base)
    assert left_over() == []
    return str(raised.value)


def test_each_tree_runs_with_its_own_modules_and_config_and_leaves_nothing(
    history: History,
) -> None:
    program = 'import names\naws.sns.Topic(names.NAME, display_name=config.get("title"))'
    history.write("names.py", "from parts import NAME\n")
    history.write("parts.py", "NAME = 'one'\n")
    history.write("Pulumi.dev.yaml", "config: {title: First}\n")
    history.program(program)
    first = history.commit()
    (history.directory / "parts.py").unlink()
    history.write("names.py", "NAME = 'two'\n")
    history.write("Pulumi.dev.yaml", "config: {title: Second}\n")
    text = history.since("main")
    assert text.startswith(f"dev against main ({first}): 1 added, 1 removed\n")
    assert "- Topic one\n+ Topic two\n+     displayName: Second\n" in text
    history.commit()
    assert history.since(first).splitlines()[1:] == text.splitlines()[1:]
    assert left_over() == []
    assert history.git("status", "--porcelain") == ""
    assert history.git("worktree", "list").count("\n") == 0


def test_secrets_and_what_programs_print_are_in_no_output(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    history.write("Pulumi.yaml", PROJECT)
    history.write("Pulumi.dev.yaml", "config:\n  apiKey: sk_live_1\n  other: SECRET-OF-OTHER-1\n")
    history.program("pass")
    history.commit()
    for key in ("sk_live_2", "{secure: v1:AAABBBCCC}"):
        history.write("Pulumi.dev.yaml", f"config:\n  apiKey: {key}\n  other: SECRET-OF-OTHER-2\n")
        history.program(LEAKS)
        tree, changes = history.preview(None), history.preview()
        texts = (report.as_text(tree), report.as_text(changes), report.as_markdown(changes))
        for text in texts:
            assert [word for word in WHEREVER if word in text] == []
            assert text.count("[secret]") >= 5
    assert capsys.readouterr().out == ""


def test_a_preview_needs_no_value_for_a_declared_secret_but_a_run_does(history: History) -> None:
    history.write("Pulumi.yaml", PROJECT)
    history.program('aws.sns.Topic("topic", display_name=config.require_secret("apiKey"))')
    assert "displayName: '[secret]'" in report.as_text(history.preview(None))
    with pytest.raises(LocalError, match="no value for orders:apiKey"):
        load("dev", history.directory)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            'raise ValueError("first\\nsecond")',
            "the program failed: ValueError: first second (__main__.py:5)",
        ),
        (
            "import components.function",
            "the program failed: ModuleNotFoundError: No module named 'components' (__main__.py:5)",
        ),
        ("def (", "the program failed: SyntaxError: invalid syntax (__main__.py, line 5)"),
        ("raise SystemExit(3)", "the program failed: SystemExit: 3 (__main__.py:5)"),
        ("import os; os._exit(7)", "the program ended early"),
        (
            'aws.glacier.Vault("cold")',
            "aws:glacier/vault:Vault (cold): the local cloud cannot make resources of this type",
        ),
    ],
    ids=["exception", "module", "syntax", "exit", "crash", "type"],
)
def test_a_base_that_cannot_run_says_why_in_one_line(
    history: History, source: str, reason: str
) -> None:
    history.program(source)
    commit = history.commit()
    history.program("pass")
    assert fails(history) == f"HEAD ({commit}): {reason}"


def test_a_tree_that_cannot_run_says_why_in_one_line(history: History) -> None:
    history.program("pass")
    history.commit()
    history.program('raise ValueError("first\\nsecond")')
    reason = "the program failed: ValueError: first second (__main__.py:5)"
    assert fails(history) == reason
    with pytest.raises(LocalError, match="first second") as raised:
        report.as_text(history.preview(None))
    assert str(raised.value) == reason


def test_a_base_that_does_not_end_is_stopped(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LONGEST_RUN", 0.5)
    history.program("import time; time.sleep(600)")
    commit = history.commit()
    history.program("pass")
    assert fails(history) == f"HEAD ({commit}): the program runs for 0.5 s"


def test_a_base_without_the_stack_says_so(history: History) -> None:
    history.program("pass")
    (history.directory / "Pulumi.dev.yaml").rename(history.directory / "Pulumi.prod.yaml")
    commit = history.commit()
    history.write("Pulumi.dev.yaml", "config: {}\n")
    missing = "no stack 'dev': Pulumi.dev.yaml does not exist (stacks: prod)"
    assert fails(history) == f"HEAD ({commit}): {missing}"


@pytest.mark.parametrize("base", ["nowhere", "--help", "HEAD~5", ""])
def test_a_ref_that_does_not_exist_is_one_line(history: History, base: str) -> None:
    history.program("pass")
    history.commit()
    assert fails(history, base) == f"git knows no commit '{base}' (is it fetched?)"


def test_a_ref_that_stands_for_many_commits_is_one_line(history: History) -> None:
    history.program("pass")
    history.commit()
    assert fails(history, "^HEAD") == "'^HEAD' names no single commit"


def test_a_folder_outside_git_is_one_line(history: History, tmp_path: Path) -> None:
    (history.directory / ".git").rename(tmp_path / "gone")
    expected = f"{history.directory} is no git checkout, so there is no 'main'"
    assert fails(history, "main") == expected
