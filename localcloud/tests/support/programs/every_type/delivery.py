"""A distribution before a bucket and an API, with everything that it can refer to."""

import json

import pulumi
import pulumi_aws as aws
import routes
from policies import TAGS

key = aws.apigateway.ApiKey("key", description="the distribution's", tags=TAGS)
plan = aws.apigateway.UsagePlan(
    "plan", api_stages=[{"api_id": routes.api.id, "stage": routes.stage.stage_name}], tags=TAGS
)
aws.apigateway.UsagePlanKey("plan-key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)

site = aws.s3.Bucket("site", force_destroy=True, tags=TAGS)
for name, kind in {"index.html": "text/html", "long.txt": "text/plain"}.items():
    aws.s3.BucketObjectv2(
        f"file-{name}",
        bucket=site.bucket,
        key=name,
        source=pulumi.FileAsset(f"site/{name}"),
        content_type=kind,
        cache_control="no-cache",
        tags=TAGS,
    )
access = aws.cloudfront.OriginAccessControl(
    "access",
    origin_access_control_origin_type="s3",
    signing_behavior="always",
    signing_protocol="sigv4",
)
router = aws.cloudfront.Function(
    "router",
    runtime="cloudfront-js-2.0",
    publish=True,
    tags=TAGS,
    code="function handler(event) {\n"
    "  if (event.request.uri === '/') event.request.uri = '/index.html';\n"
    "  return event.request;\n}\n",
)
policy = aws.cloudfront.CachePolicy(
    "policy",
    min_ttl=0,
    default_ttl=0,
    max_ttl=10,
    parameters_in_cache_key_and_forwarded_to_origin={
        "cookies_config": {"cookie_behavior": "none"},
        "headers_config": {
            "header_behavior": "whitelist",
            "headers": {"items": ["Authorization"]},
        },
        "query_strings_config": {"query_string_behavior": "none"},
        "enable_accept_encoding_gzip": True,
        "enable_accept_encoding_brotli": True,
    },
)
headers = aws.cloudfront.ResponseHeadersPolicy(
    "headers",
    security_headers_config={
        "content_type_options": {"override": True},
        "strict_transport_security": {"access_control_max_age_sec": 60, "override": True},
    },
    custom_headers_config={"items": [{"header": "X-Toy", "value": "yes", "override": True}]},
)
certificate = aws.acm.Certificate(
    "certificate",
    domain_name="toy.example.com",
    validation_method="DNS",
    region="us-east-1",
    tags=TAGS,
)
option = certificate.domain_validation_options[0]
config = pulumi.Config()
record = aws.route53.Record(
    "record",
    zone_id=config.require("zone"),
    name=option.resource_record_name,
    type="CNAME",
    records=[option.resource_record_value],
    ttl=300,
    allow_overwrite=True,
)
issued = aws.acm.CertificateValidation(
    "issued",
    certificate_arn=certificate.arn,
    validation_record_fqdns=[record.fqdn],
    region="us-east-1",
)
visible = {"cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}
firewall = aws.wafv2.WebAcl(
    "firewall",
    scope="CLOUDFRONT",
    region="us-east-1",
    default_action={"allow": {}},
    visibility_config={"metric_name": "toy", **visible},
    rules=[
        {
            "name": "rate",
            "priority": 0,
            "action": {"block": {}},
            "statement": {"rate_based_statement": {"limit": 500, "aggregate_key_type": "IP"}},
            "visibility_config": {"metric_name": "rate", **visible},
        }
    ],
    tags=TAGS,
)
READ = ["GET", "HEAD"]
address = routes.stage.invoke_url.apply(lambda url: url.partition("//")[2].partition("/"))
distribution = aws.cloudfront.Distribution(
    "distribution",
    enabled=True,
    comment="the toy's",
    aliases=["toy.example.com"],
    origins=[
        {
            "origin_id": "site",
            "domain_name": site.bucket_regional_domain_name,
            "origin_access_control_id": access.id,
        },
        {
            "origin_id": "api",
            "domain_name": address[0],
            "origin_path": pulumi.Output.concat("/", address[2]),
            "custom_headers": [{"name": "x-api-key", "value": key.value}],
            "custom_origin_config": {
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
            },
        },
    ],
    default_cache_behavior={
        "target_origin_id": "site",
        "allowed_methods": READ,
        "cached_methods": READ,
        "viewer_protocol_policy": "redirect-to-https",
        "compress": True,
        "cache_policy_id": policy.id,
        "response_headers_policy_id": headers.id,
        "function_associations": [{"event_type": "viewer-request", "function_arn": router.arn}],
    },
    ordered_cache_behaviors=[
        {
            "path_pattern": "/keyed",
            "target_origin_id": "api",
            "allowed_methods": READ,
            "cached_methods": READ,
            "viewer_protocol_policy": "https-only",
            "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        }
    ],
    custom_error_responses=[{"error_code": 404, "error_caching_min_ttl": 0}],
    http_version="http2and3",
    is_ipv6_enabled=True,
    price_class="PriceClass_100",
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={
        "acm_certificate_arn": issued.certificate_arn,
        "minimum_protocol_version": "TLSv1.2_2021",
        "ssl_support_method": "sni-only",
    },
    web_acl_id=firewall.arn,
    tags=TAGS,
)
statement = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": ["s3:GetObject", "s3:ListBucket"],
}
aws.s3.BucketPolicy(
    "site-policy",
    bucket=site.bucket,
    policy=pulumi.Output.all(site.arn, distribution.arn).apply(
        lambda arns: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        **statement,
                        "Resource": [arns[0], f"{arns[0]}/*"],
                        "Condition": {"StringEquals": {"AWS:SourceArn": arns[1]}},
                    }
                ],
            }
        )
    ),
)
