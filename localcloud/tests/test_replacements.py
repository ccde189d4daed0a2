"""What the AWS provider replaces is replaced here."""

import json

import pytest

from localcloud.tests.support.toy import Toy

DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "states.amazonaws.com"},
            }
        ],
    }
)
MACHINE = f"""
role = aws.iam.Role("role", assume_role_policy={TRUST!r})
aws.sfn.StateMachine("it", role_arn=role.arn, definition={DEFINITION!r}, %s)
"""
API = 'api = aws.apigateway.RestApi("api")\n'
POOL = 'pool = aws.cognito.UserPool("pool")\n'
# For each case: the program, its inputs at first, and those that replace the resource.
CHANGES = {
    "the class of a log group": (
        'aws.cloudwatch.LogGroup("it", %s)',
        'log_group_class="STANDARD"',
        'log_group_class="INFREQUENT_ACCESS"',
    ),
    "the type of a state machine": (MACHINE, 'type="STANDARD"', 'type="EXPRESS"'),
    "the prefix of a name": ('aws.sns.Topic("it", %s)', 'name_prefix="a-"', 'name_prefix="b-"'),
    "the region": ('aws.sqs.Queue("it", %s)', "", 'region="eu-west-1"'),
    "the triggers of a deployment": (
        API + 'aws.apigateway.Deployment("it", rest_api=api.id, %s)',
        'triggers={"a": "1"}',
        'triggers={"a": "2"}',
    ),
    "the value of an API key": (
        'aws.apigateway.ApiKey("it", %s)',
        f'value="{"a" * 20}"',
        f'value="{"b" * 20}"',
    ),
    "the text of a secret": (
        'secret = aws.secretsmanager.Secret("secret")\n'
        'aws.secretsmanager.SecretVersion("it", secret_id=secret.id, %s)',
        'secret_string="a"',
        'secret_string="b"',
    ),
    "the secret of a client": (
        POOL + 'aws.cognito.UserPoolClient("it", user_pool_id=pool.id, %s)',
        "generate_secret=False",
        "generate_secret=True",
    ),
    "how users of a pool sign in": (
        'aws.cognito.UserPool("it", %s)',
        'username_attributes=["email"]',
        'alias_attributes=["email"]',
    ),
    "the scope of a web ACL": (
        'aws.wafv2.WebAcl("it", default_action={"allow": {}}, visibility_config={"metric_name": "m",'
        ' "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}, %s)',
        'scope="REGIONAL"',
        'scope="CLOUDFRONT"',
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_that_the_provider_answers_with_a_replacement_replaces(
    toy: Toy, what: str
) -> None:
    source, before, after = CHANGES[what]
    toy.program("")
    toy.up()
    toy.program(source % before)
    toy.up()
    toy.program(source % after)
    toy.up()
    assert toy.did("replaced") == ["it"]
