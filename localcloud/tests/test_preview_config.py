"""What a preview says about settings that no resource shows: the region, and what is encrypted."""

from localcloud.tests.support.history import Edited, says


def test_another_region_is_loud(project: Edited) -> None:
    project.write("Pulumi.dev.yaml", "config: {aws:region: eu-west-1}\n")
    says(
        project,
        """\
        only config changes

        DATA IS LOST
        - !!! The stack moves from us-east-1 to eu-west-1, and none of its data does

        Config
              aws:region: us-east-1 -> eu-west-1
        """,
    )


def test_what_is_assumed_of_an_encrypted_number_is_told(project: Edited) -> None:
    project.edit("Pulumi.yaml", "config:\n", "config:\n  most: {type: integer, default: 5}\n")
    project.keep()
    project.edit("__main__.py", "timeout=5", 'timeout=config.require_int("most")')
    project.write("Pulumi.dev.yaml", "config: {orders:most: {secure: AAAA}}\n")
    says(
        project,
        """\
        only config changes

        Config
        +     orders:most: '[secret], taken as 5'
        """,
    )
