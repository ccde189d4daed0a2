"""A measured start has what the function has in Lambda, and no more."""

from bench.imports import absent


def test_a_start_can_import_the_groups_libraries_and_boto3_alone() -> None:
    payment, api = set(absent("payment")), set(absent("api"))
    assert {"requests", "yaml", "moto", "reportlab"} <= payment & api
    assert "stripe" in api - payment
    assert "fastjsonschema" in payment - api
    assert not {"boto3", "botocore", "urllib3", "dateutil", "aws_lambda_powertools"} & payment
