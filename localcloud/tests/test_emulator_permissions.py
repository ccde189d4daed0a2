"""The patched emulator's IAM: what a role may send as, and for whom it may be taken."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from localcloud.provision.aws import CONFIG, Aws, arn
from localcloud.settings import ACCOUNT, REGION
from localcloud.tests.support.toy import Toy

OWN = "own@example.com"
CONTENT = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}


@pytest.fixture(autouse=True)
def running(toy: Toy) -> None:
    toy.program("")
    toy.up()


@contextmanager
def role(aws: Aws, account: str = ACCOUNT, **statement: Any) -> Iterator[str]:
    """The ARN of a role that Lambda may take for this account; `statement` is what it allows."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    name = {"RoleName": "of-the-test"}
    created = aws.iam.create_role(**name, AssumeRolePolicyDocument=_document(trust))
    policy = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "none", **statement}
    aws.iam.put_role_policy(**name, PolicyName="mail", PolicyDocument=_document(policy))
    try:
        yield created["Role"]["Arn"]
    finally:
        aws.iam.delete_role_policy(**name, PolicyName="mail")
        aws.iam.delete_role(**name)


def _document(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def may_send_as(aws: Aws, role_arn: str, sender: str) -> bool:
    taken = aws.sts.assume_role(RoleArn=role_arn, RoleSessionName="mail")["Credentials"]
    keys = (taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])
    session = boto3.Session(*keys, region_name=REGION)
    client = session.client("sesv2", endpoint_url=aws.endpoint, config=CONFIG)
    to = {"ToAddresses": ["a@example.com"]}
    try:
        client.send_email(FromEmailAddress=f"Shop <{sender}>", Destination=to, Content=CONTENT)
    except ClientError as error:
        if "not authorized to perform: ses:SendEmail" not in str(error):
            raise
        return False
    return True


@pytest.mark.parametrize(
    "statement",
    [
        {"Resource": arn("ses", f"identity/{OWN}")},
        {
            "Resource": arn("ses", "identity/*"),
            "Condition": {"StringEquals": {"ses:FromAddress": OWN}},
        },
    ],
    ids=["identity", "condition"],
)
def test_mail_is_sent_only_as_the_sender_whose_identity_or_address_a_policy_names(
    aws: Aws, statement: Mapping[str, Any]
) -> None:
    for sender in (OWN, "boss@example.com"):
        aws.sesv2.create_email_identity(EmailIdentity=sender)
    with role(aws, **statement) as mailer:
        allowed = [may_send_as(aws, mailer, sender) for sender in (OWN, "boss@example.com")]
    assert allowed == [True, False]


def test_a_policy_is_effective_as_soon_as_it_is_changed(aws: Aws) -> None:
    aws.sesv2.create_email_identity(EmailIdentity=OWN)
    mail = {"RoleName": "of-the-test", "PolicyName": "mail"}
    allowed = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    with role(aws) as mailer:
        found: list[bool] = []
        for effect in ("Allow", "Deny", "Allow"):
            document = _document(allowed | {"Effect": effect})
            aws.iam.put_role_policy(**mail, PolicyDocument=document)
            found.append(may_send_as(aws, mailer, OWN))
    assert found == [True, False, True]


def test_a_role_is_taken_only_for_the_account_that_its_trust_policy_names(aws: Aws) -> None:
    with role(aws) as own:
        assert aws.sts.assume_role(RoleArn=own, RoleSessionName="own")["Credentials"]
    with role(aws, account="111111111111") as foreign, pytest.raises(ClientError, match="Denied"):
        aws.sts.assume_role(RoleArn=foreign, RoleSessionName="foreign")
