"""What the AWS provider updates in place, by type."""

import json

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }
)
DENY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'
POOL = 'pool = aws.cognito.UserPool("pool")\n'
STAGED = """
body = json.dumps({"openapi": "3.0.1", "info": {"title": "toy", "version": "1"}, "paths": {}})
api = aws.apigateway.RestApi("api", body=body)
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id)
for name in ("one", "two"):
    aws.apigateway.Stage(name, rest_api=api.id, stage_name=name, deployment=deployment.id)
"""
FUNCTION = f"""
role = aws.iam.Role("role", assume_role_policy={TRUST!r})
files = pulumi.AssetArchive({{"app.py": pulumi.StringAsset("def run(event, context): return 1")}})
function = aws.lambda_.Function("%s", role=role.arn, runtime="python3.13", handler="app.run", code=files, %s)
"""
# For each type: the program, its inputs at first, and what they become, one after the other.
CHANGES: dict[str, tuple[str, list[str]]] = {
    "api key": (
        'aws.apigateway.ApiKey("it", %s)',
        [
            'name="a", description="d", enabled=False, customer_id="c"',
            'name="b", description="e", enabled=True, customer_id="d"',
            'name="b", enabled=False',
            "",
        ],
    ),
    "usage plan": (
        STAGED + 'aws.apigateway.UsagePlan("it", %s)',
        [
            'name="a", description="d", api_stages=[{"api_id": api.id, "stage": "one"}]',
            'name="b", api_stages=[{"api_id": api.id, "stage": "two"}]',
            'name="b", description="e"',
        ],
    ),
    "REST API": (
        'aws.apigateway.RestApi("it", %s)',
        [
            'name="a", description="d", binary_media_types=["image/png"]',
            'name="b", binary_media_types=["application/pdf", "image/*"], api_key_source="AUTHORIZER",'
            ' minimum_compression_size="1024", endpoint_configuration={"types": "REGIONAL"}',
            'name="b", minimum_compression_size="0", endpoint_configuration={"types": "EDGE"}',
            "",
        ],
    ),
    "deployment": (
        'api = aws.apigateway.RestApi("api")\n'
        'aws.apigateway.Deployment("it", rest_api=api.id, triggers={"a": "1"}, %s)',
        ['description="a"', 'description="b"', ""],
    ),
    "stage": (
        'api = aws.apigateway.RestApi("api")\n'
        'deployment = aws.apigateway.Deployment("deployment", rest_api=api.id)\n'
        'aws.apigateway.Stage("it", rest_api=api.id, stage_name="live", deployment=deployment.id, %s)',
        [
            'description="a", variables={"A": "1", "B": "2"}',
            'variables={"A": "3"}, xray_tracing_enabled=True',
            "",
        ],
    ),
    "role": (
        f'aws.iam.Role("it", assume_role_policy={TRUST!r}, %s)',
        [
            f'description="a", inline_policies=[{{"name": "a", "policy": {DENY!r}}}]',
            f'max_session_duration=7200, inline_policies=[{{"name": "b", "policy": {DENY!r}}}]',
            "",
        ],
    ),
    "function": (
        FUNCTION % ("it", "%s"),
        [
            'description="a", architectures=["x86_64"], tracing_config={"mode": "Active"},'
            ' ephemeral_storage={"size": 1024}, memory_size=256',
            'architectures=["arm64"], timeout=9, logging_config={"log_format": "JSON"},'
            " reserved_concurrent_executions=0",
            "reserved_concurrent_executions=3",
            "reserved_concurrent_executions=-1",
            "",
        ],
    ),
    "event source mapping": (
        FUNCTION % ("worker", "")
        + 'queue = aws.sqs.Queue("queue")\n'
        + 'aws.lambda_.EventSourceMapping("it", event_source_arn=queue.arn, function_name=function.name, %s)',
        [
            'batch_size=5, enabled=False, function_response_types=["ReportBatchItemFailures"]',
            'batch_size=7, scaling_config={"maximum_concurrency": 2}',
            "",
        ],
    ),
    "function event invoke config": (
        FUNCTION % ("worker", "")
        + 'dead = aws.sqs.Queue("dead")\n'
        + 'aws.lambda_.FunctionEventInvokeConfig("it", function_name=function.name, %s)',
        [
            'maximum_retry_attempts=0, destination_config={"on_failure": {"destination": dead.arn}}',
            "maximum_retry_attempts=1, maximum_event_age_in_seconds=60",
            "",
        ],
    ),
    "schedule": (
        FUNCTION % ("worker", "")
        + 'dead = aws.sqs.Queue("dead")\n'
        + 'aws.scheduler.Schedule("it", flexible_time_window={"mode": "OFF"}, %s)',
        [
            'schedule_expression="rate(1 minute)", state="DISABLED", description="a", target={"arn": function.arn,'
            ' "role_arn": role.arn, "dead_letter_config": {"arn": dead.arn}, "input": "{}",'
            ' "retry_policy": {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60}}',
            'schedule_expression="rate(5 minutes)", target={"arn": dead.arn, "role_arn": role.arn}',
        ],
    ),
    "configuration set": (
        'aws.sesv2.ConfigurationSet("it", configuration_set_name="it", %s)',
        [
            'reputation_options={"reputation_metrics_enabled": False}, sending_options={"sending_enabled": False},'
            ' suppression_options={"suppressed_reasons": ["BOUNCE"]}',
            'delivery_options={"tls_policy": "REQUIRE"}, sending_options={"sending_enabled": True}',
            "",
        ],
    ),
    "email identity": (
        'sets = [aws.sesv2.ConfigurationSet(name, configuration_set_name=name) for name in ("a", "b")]\n'
        'aws.sesv2.EmailIdentity("it", email_identity="it@example.com", %s)',
        [
            "configuration_set_name=sets[0].configuration_set_name",
            "configuration_set_name=sets[1].configuration_set_name",
            "",
        ],
    ),
    "event destination": (
        'topics = [aws.sns.Topic(name) for name in ("a", "b")]\n'
        'mail = aws.sesv2.ConfigurationSet("mail", configuration_set_name="mail")\n'
        "aws.sesv2.ConfigurationSetEventDestination(\n"
        '    "it", configuration_set_name=mail.configuration_set_name, event_destination_name="topic",\n'
        "    event_destination=%s)",
        [
            '{"enabled": True, "matching_event_types": ["REJECT", "BOUNCE"], "sns_destination":'
            ' {"topic_arn": topics[0].arn}}',
            '{"matching_event_types": ["BOUNCE"], "sns_destination": {"topic_arn": topics[1].arn}}',
        ],
    ),
    "secret version": (
        'secret = aws.secretsmanager.Secret("secret", description="a")\n'
        'aws.secretsmanager.SecretVersion("it", secret_id=secret.id, secret_string="x", version_stages=%s)',
        ['["AWSCURRENT"]', '["AWSCURRENT", "BLUE"]', '["AWSCURRENT", "GREEN"]'],
    ),
    "parameter": (
        'aws.ssm.Parameter("it", type="String", %s)',
        [
            'value="5", description="a", allowed_pattern="[0-9]+"',
            'value="x", tier="Advanced"',
            'insecure_value="y"',
        ],
    ),
    "log group": (
        'aws.cloudwatch.LogGroup("it", %s)',
        ['kms_key_id="arn:aws:kms:us-east-1:000000000000:key/a"', "retention_in_days=7", ""],
    ),
    "user pool": (
        'aws.cognito.UserPool("it", %s)',
        [
            'auto_verified_attributes=["email"], password_policy={"minimum_length": 12},'
            ' schemas=[{"name": "tier", "attribute_data_type": "String"}]',
            'deletion_protection="ACTIVE", schemas=[{"name": "tier", "attribute_data_type": "String"},'
            ' {"name": "shop", "attribute_data_type": "Number", "mutable": True}]',
        ],
    ),
    "user pool client": (
        POOL + 'aws.cognito.UserPoolClient("it", user_pool_id=pool.id, %s)',
        [
            'name="a", callback_urls=["https://a.example"], refresh_token_validity=5',
            'name="b", prevent_user_existence_errors="ENABLED"',
            "",
        ],
    ),
    "user group": (
        POOL + 'aws.cognito.UserGroup("it", user_pool_id=pool.id, %s)',
        ['description="a", precedence=1', 'description="b", precedence=2', ""],
    ),
    "web ACL": (
        'aws.wafv2.WebAcl("it", scope="REGIONAL", default_action={"allow": {}}, visibility_config={'
        '"metric_name": "m", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}, %s)',
        ['description="a"', 'description="b"', ""],
    ),
    "cache policy": (
        'aws.cloudfront.CachePolicy("it", parameters_in_cache_key_and_forwarded_to_origin={'
        '"cookies_config": {"cookie_behavior": "none"}, "headers_config": {"header_behavior": "none"},'
        ' "query_strings_config": {"query_string_behavior": "none"}}, %s)',
        ['name="a", max_ttl=10, default_ttl=1', 'name="b", max_ttl=20, default_ttl=2'],
    ),
    "access control": (
        'aws.cloudfront.OriginAccessControl("it", origin_access_control_origin_type="s3",'
        ' signing_protocol="sigv4", %s)',
        ['name="a", signing_behavior="always"', 'name="b", signing_behavior="never"'],
    ),
    "table": (
        'aws.dynamodb.Table("it", hash_key="pk", attributes=[{"name": "pk", "type": "S"}], %s)',
        [
            'billing_mode="PAY_PER_REQUEST", table_class="STANDARD_INFREQUENT_ACCESS"',
            "read_capacity=5, write_capacity=6",
        ],
    ),
}
