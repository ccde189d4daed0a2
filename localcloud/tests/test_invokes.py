"""Provider functions that a program calls: a preview and `up` answer them alike."""

import pytest

from localcloud.errors import LocalError
from localcloud.tests.support.toy import Toy

QUOTA = """
found = aws.servicequotas.get_service_quota(service_code="lambda", quota_code="%s")
pulumi.export("quota", found.value)
"""


def test_the_quota_of_concurrent_executions_is_aws_s_default(toy: Toy) -> None:
    toy.program(QUOTA % "L-B99A9384")
    assert toy.record().exports["quota"] == toy.up()["quota"] == 1000


def test_a_quota_that_is_not_known_is_an_error_that_names_it(toy: Toy) -> None:
    toy.program(QUOTA % "L-2ACBD22F")
    with pytest.raises(LocalError, match="quota L-2ACBD22F of lambda"):
        toy.record()
