"""What a preview says about an edit: a toy project, two versions of it, whole outputs.

The versions are taken one after the other in this process; `test_preview_commits.py` has commits.
"""

from localcloud.preview import report
from localcloud.tests.support.history import Edited, says


def test_what_means_the_same_is_no_change(project: Edited) -> None:
    project.edit("worker.py", "return 1", "return (  # one\n        1\n    )")
    project.write("worker.yaml", "# the answer\nanswer:\n- 1\n- 2\n")
    project.edit("__main__.py", "    billing_mode=", "    # by use\n\n    billing_mode=")
    (project.directory / "names.py").touch()
    assert project.text() == "dev: no changes"
    assert report.as_markdown(project.edits()) == "### dev: no changes"


def test_a_changed_property_is_shown_old_and_new(project: Edited) -> None:
    project.edit("__main__.py", "timeout=5", "timeout=7, memory_size=256")
    project.edit("__main__.py", '"TABLE": table.name', '"TABLE": "fixed", "MODE": "on"')
    says(
        project,
        """\
        1 changed

        Resources
        ~ Function worker
        +     environment.variables.MODE: 'on'
              environment.variables.TABLE: <Table.orders.name> -> fixed
        +     memorySize: 256
              timeout: 5 -> 7
        """,
    )


def test_added_and_removed_resources_are_listed(project: Edited) -> None:
    project.write("names.py", 'TOPIC = "gazette"\n')
    mails = 'aws.sqs.Queue("mails", visibility_timeout_seconds=30)'
    project.edit("__main__.py", "aws.sns.Topic(names", f"{mails}\naws.sns.Topic(names")
    says(
        project,
        """\
        2 added, 1 removed

        Resources
        + Topic gazette
        - Topic news
        + Queue mails
        +     visibilityTimeoutSeconds: 30
        """,
    )


def test_an_alias_makes_it_the_same_resource(project: Edited) -> None:
    alias = 'names.TOPIC + "-two", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias("news")])'
    project.edit("__main__.py", "names.TOPIC", alias)
    expected = "1 changed\n\nResources\n~ Topic news-two\n      (name): news -> news-two"
    says(project, expected)


def test_permissions_come_before_everything_else(project: Edited) -> None:
    project.edit("__main__.py", '["dynamodb:GetItem"]', '["dynamodb:PutItem", "dynamodb:Query"]')
    project.write("names.py", 'TOPIC = "a-topic"\n')
    says(
        project,
        """\
        1 added, 1 removed, 1 changed

        Permissions
        ~ RolePolicy worker-policy
              policy:
        +       Allow dynamodb:PutItem on <Table.orders.arn>
        +       Allow dynamodb:Query on <Table.orders.arn>
        -       Allow dynamodb:GetItem on <Table.orders.arn>

        Resources
        + Topic a-topic
        - Topic news
        """,
    )


def test_a_removed_policy_says_what_is_no_longer_allowed(project: Edited) -> None:
    project.edit("__main__.py", "aws.iam.RolePolicy(", "dict(name=")
    says(
        project,
        """\
        1 removed

        Permissions
        - RolePolicy worker-policy
              policy:
        -       Allow dynamodb:GetItem on <Table.orders.arn>
        """,
    )


def test_state_machine_and_contract_have_diffs_of_their_own(project: Edited) -> None:
    project.edit("__main__.py", '"TimeoutSeconds": 6', '"TimeoutSeconds": 9')
    project.edit("__main__.py", "All orders", "Your orders")
    says(
        project,
        """\
        2 changed

        Resources
        ~ RestApi api
              body: see OpenAPI document api
        ~ StateMachine flow
              definition: see State machine flow

        OpenAPI document api
        @@ paths > /orders > get @@
         paths:
           /orders:
             get:
        -      summary: All orders
        +      summary: Your orders

        State machine flow
        @@ States > Work @@
           Work:
             Type: Task
             Resource: <Function.worker.arn>
        -    TimeoutSeconds: 6
        +    TimeoutSeconds: 9
             Next: Done
           Done:
             Type: Succeed
        """,
    )


def test_the_replacement_of_a_table_is_loud(project: Edited) -> None:
    project.edit("__main__.py", 'hash_key="pk"', 'hash_key="id"')
    lines = project.text().splitlines()
    assert lines[0] == "dev: 1 replaced, 2 changed"
    loud = "- !!! Table orders is REPLACED by an empty one (hashKey: pk -> id)"
    assert lines[1:4] == ["", "DATA IS LOST", loud]
    assert lines[5:8] == [
        "Permissions",
        "~ RolePolicy worker-policy",
        "      policy: refers to the new Table orders",
    ]
    assert lines[9:14] == [
        "Resources",
        "! Table orders is replaced",
        "      hashKey: pk -> id",
        "~ Function worker",
        "      environment: refers to the new Table orders",
    ]
    project.edit(
        "__main__.py",
        'table = aws.dynamodb.Table(\n    "orders"',
        'table = aws.dynamodb.Table(\n    "order"',
    )
    assert "- !!! Table orders is REMOVED" in project.text()


def test_code_names_the_files_that_differ(project: Edited) -> None:
    project.edit("worker.py", "return 1", "return 2")
    project.edit("__main__.py", '"worker.yaml": pulumi', '"other.yaml": pulumi')
    expected = "1 changed\n\nResources\n~ Function worker\n"
    says(project, f"{expected}      code: changed (+ other.yaml, worker.py, - worker.yaml)")


def test_outputs_are_compared_too(project: Edited) -> None:
    project.edit("__main__.py", 'export("tableName", table.name)', 'export("tableName", "t")')
    says(project, "only outputs change\n\nOutputs\n      tableName: <Table.orders.name> -> t")


def test_a_bucket_that_may_be_deleted_with_what_it_holds_is_no_loss(project: Edited) -> None:
    bucket = 'aws.s3.Bucket("site"{})\naws.sns.Topic(names'
    project.edit("__main__.py", "aws.sns.Topic(names", bucket.format(""))
    project.keep()
    project.edit("__main__.py", '"site"', '"pages"')
    assert "- !!! Bucket site is REMOVED" in project.text()
    project.edit("__main__.py", '"pages"', '"site", force_destroy=True')
    project.keep()
    project.edit("__main__.py", '"site"', '"pages"')
    assert "DATA IS LOST" not in project.text()


def test_a_longer_value_within_a_resource_is_a_diff_of_its_own(project: Edited) -> None:
    project.edit("__main__.py", "names.TOPIC", f"names.TOPIC, delivery_policy={'a' * 120!r}")
    project.keep()
    project.edit("__main__.py", "a" * 120, "b" * 120)
    lines = project.text().splitlines()
    start = lines.index("      deliveryPolicy:")
    expected = ["        @@ top @@", f"-       {'a' * 120}", f"+       {'b' * 120}"]
    assert lines[start + 1 : start + 4] == expected


def test_what_the_program_ignores_is_no_change(project: Edited) -> None:
    ignoring = (
        "names.TOPIC, display_name={}, opts=pulumi.ResourceOptions(ignore_changes=['displayName'])"
    )
    project.edit("__main__.py", "names.TOPIC", ignoring.format("'one'"))
    project.keep()
    project.edit("__main__.py", "'one'", "'two'")
    assert project.text() == "dev: no changes"


def test_markdown_is_cut_where_a_comment_ends_and_nothing_breaks_out_of_it(
    project: Edited,
) -> None:
    states = ", ".join(f'"S{each}": {{"Type": "Succeed"}}' for each in range(2000))
    project.edit("__main__.py", '"Done": {"Type"', f'{states}, "Done": {{"Type"')
    project.edit("__main__.py", '"TimeoutSeconds": 6', '"Comment": "```\\n# loud"')
    text = report.as_markdown(project.edits())
    assert len(text) < 21_000
    assert "#### State machine flow\n\n````diff\n" in text
    assert "more lines: see `make preview`." in text
    assert text.count("````") == 2
