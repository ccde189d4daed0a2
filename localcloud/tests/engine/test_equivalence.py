"""The engine's steps, the credential-free preview and `up` on this machine say the same of the same edit."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.engine.workspace import Workspace
from localcloud.errors import LocalError
from localcloud.instance import cloud, running
from localcloud.ports import free_port
from localcloud.preview.comparison import compare, undone
from localcloud.preview.snapshot import Snapshot, take
from localcloud.provision.aws import Aws
from localcloud.tests.support.engine_project import Project
from localcloud.tests.support.toy import PROGRAMS

PROGRAM = PROGRAMS / "edits"
PREVIEWED = {"added": "create", "removed": "delete", "replaced": "replace", "changed": "update"}
DONE = {"created": "create", "deleted": "delete", "replaced": "replace", "updated": "update"}
Edit = tuple[str, str, str]


class Sides:
    """One program in three places: on the engine, in the preview, and on a local cloud."""

    def __init__(self, directory: Path) -> None:
        shutil.copytree(PROGRAM, directory / "program")
        self.engine = Project(
            Workspace(directory / "engine", free_port(), directory / "program", lambda _stack: {})
        )
        self.state_dir, self.port = directory / "state", free_port()
        self.directory = directory / "program"

    def up(self) -> tuple[dict[str, str], str]:
        """What the local cloud does to which resource, and why it refuses to."""
        events: dict[str, str] = {}

        def note(event: cloud.Event) -> None:
            if event.action in DONE:
                events[event.name] = DONE[event.action]

        try:
            cloud.up(
                state_dir=self.state_dir,
                port=self.port,
                directory=self.directory,
                on_event=note,
            )
        except LocalError as error:
            return events, str(error)
        return events, ""

    def end(self) -> None:
        running.down_engine(self.engine.space.directory)
        running.down(self.state_dir)

    def edit(self, edits: list[Edit]) -> None:
        for name, old, new in edits:
            path = self.directory / name
            text = path.read_text()
            assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
            path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def running_sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    sides = Sides(tmp_path_factory.mktemp("sides"))
    sides.engine.up()
    yield sides
    sides.end()


@pytest.fixture
def sides(running_sides: Sides) -> Sides:
    """All three with the program as it is in the tree."""
    shutil.copytree(PROGRAM, running_sides.directory, dirs_exist_ok=True)
    running_sides.up()
    return running_sides


PROTECTED = ("Pulumi.dev.yaml", "us-east-1\n", "us-east-1\n  orders:protect: true\n")
RENAMED = ("__main__.py", 'aws.sns.Topic("events")', 'aws.sns.Topic("news")')
ALIAS = 'aws.sns.Topic("news", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="events")]))'
EDITS: dict[str, tuple[list[Edit], dict[str, str]]] = {
    "nothing": ([], {}),
    "the code of one handler": ([("worker.py", "worked", "done")], {"worker": "update"}),
    "an environment value": (
        [("__main__.py", '{"TABLE": table.name', '{"MORE": "1", "TABLE": table.name')],
        {"worker": "update"},
    ),
    "a new resource": (
        [("__main__.py", "topic = aws", 'aws.sns.Topic("more")\ntopic = aws')],
        {"more": "create"},
    ),
    "a removed resource": (
        [("__main__.py", 'topic = aws.sns.Topic("events")', "")],
        {"events": "delete"},
    ),
    "a rename with an alias": ([("__main__.py", RENAMED[1], ALIAS)], {}),
    "a rename without one": ([RENAMED], {"events": "delete", "news": "create"}),
    "an immutable input": (
        [("__main__.py", '"worker-role",', '"worker-role", path="/shop/",')],
        {"worker-role": "replace", "worker": "update", "flow": "update"},
    ),
    "EXPRESS to STANDARD": (
        [("Pulumi.dev.yaml", "us-east-1\n", "us-east-1\n  orders:workflowType: STANDARD\n")],
        {"flow": "replace", "worker": "update"},
    ),
    "protection on": ([PROTECTED], {"orders": "update", "lock": "update"}),
    "seed off": (
        [("Pulumi.dev.yaml", "us-east-1\n", "us-east-1\n  orders:seed: false\n")],
        {"product-candles": "delete", "product-mug": "delete"},
    ),
    "one product out": (
        [("__main__.py", '("candles", "mug")', '("candles",)')],
        {"product-mug": "delete"},
    ),
    "an input that the program wants replaced": (
        [("__main__.py", 'display_name="Orders"', 'display_name="Shop"')],
        {"renewed": "replace"},
    ),
    "an input that the program wants ignored": (
        [("__main__.py", "delay_seconds=1", "delay_seconds=2")],
        {},
    ),
    "an immutable input beside a name that is given": (
        [("__main__.py", 'name="fixed",', 'name="fixed", path="/shop/",')],
        {"fixed": "replace"},
    ),
    "a bucket policy renamed": (
        [("__main__.py", '    "policy",', '    "tls",')],
        {"policy": "delete", "tls": "create"},
    ),
}


def previewed(before: Snapshot, after: Snapshot) -> dict[str, str]:
    return {
        change.resource.name: PREVIEWED[change.action]
        for change in compare(before, after)
        # Only what the engine tells too: an option alone is no step.
        if change.action != "changed"
        or {each.path for each in change.properties} - {"(name)", "(protect)"}
    }


@pytest.mark.parametrize("edit", EDITS)
def test_engine_preview_and_up_do_the_same(sides: Sides, edit: str) -> None:
    edits, expected = EDITS[edit]
    before = take("dev", sides.directory)
    sides.edit(edits)
    assert previewed(before, take("dev", sides.directory)) == expected
    assert sides.engine.steps() == expected
    done, refused = sides.up()
    if "replace" in expected.values():
        # Names on this machine are the same after a replacement: those that refer to it need no update.
        done |= {name: step for name, step in expected.items() if step == "update"}
    assert (done, refused) == (expected, "")


def test_a_policy_that_was_renamed_on_the_same_bucket_is_told_to_be_lost(sides: Sides) -> None:
    before = take("dev", sides.directory)
    sides.edit(EDITS["a bucket policy renamed"][0])
    lost = undone(compare(before, take("dev", sides.directory)))
    assert [each.resource.name for each in lost] == ["policy"]
    sides.up()
    aws = Aws(f"http://127.0.0.1:{sides.port}")
    with pytest.raises(aws.s3.exceptions.ClientError, match="NoSuchBucketPolicy"):
        aws.s3.get_bucket_policy(Bucket="orders-dev-receipts")


def test_a_resource_whose_name_is_given_is_deleted_before_its_successor_comes(
    tmp_path: Path,
) -> None:
    sides = Sides(tmp_path)
    sides.engine.up()
    sides.edit(EDITS["an immutable input beside a name that is given"][0])
    sides.engine.up()
    assert sides.engine.aws.iam.get_role(RoleName="fixed")["Role"]["Path"] == "/shop/"
    sides.end()


@pytest.fixture
def protected(tmp_path: Path) -> Iterator[Sides]:
    """All three with a protected table."""
    sides = Sides(tmp_path)
    sides.edit([PROTECTED])
    sides.engine.up()
    assert sides.up()[1] == ""
    yield sides
    sides.end()


def test_what_is_protected_is_replaced_and_removed_by_none_of_them(protected: Sides) -> None:
    for old, new, step in (
        (
            'billing_mode="PAY_PER_REQUEST",',
            'billing_mode="PAY_PER_REQUEST", name="other",',
            "replace",
        ),
        ('    "orders",\n    hash', '    "others",\n    hash', "delete"),
    ):
        before = take("dev", protected.directory)
        protected.edit([("__main__.py", old, new)])
        changes = compare(before, take("dev", protected.directory))
        refused = {each.resource.name: each.action for each in changes if each.is_refused}
        assert {name: PREVIEWED[action] for name, action in refused.items()} == {"orders": step}
        done = protected.engine.run("preview")
        assert done.code != 0
        assert "protect" in done.text
        _, why = protected.up()
        assert "Table orders is protected" in why
        protected.edit([("__main__.py", new, old)])


def test_protection_is_lifted_in_a_run_of_its_own_and_then_nothing_is_refused(
    protected: Sides,
) -> None:
    before = take("dev", protected.directory)
    protected.edit([("Pulumi.dev.yaml", "protect: true", "protect: false")])
    expected = {"orders": "update", "lock": "update"}
    assert previewed(before, take("dev", protected.directory)) == expected
    assert protected.engine.steps() == expected
    assert protected.up() == (expected, "")
    protected.engine.up()
    protected.engine.destroy()
    assert protected.engine.state() == []
