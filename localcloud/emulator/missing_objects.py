"""Patch: a file that is not in the bucket is a 404 to a distribution that may list the bucket, as on S3.

MiniStack answers 403 whatever the bucket's policy says:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from typing import Any, cast

from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.services import s3 as untyped_s3

from localcloud.emulator import anchors

s3 = cast(Any, untyped_s3)
CLOUDFRONT = "cloudfront.amazonaws.com"


def apply() -> None:
    """Looks again at what a distribution was refused."""
    anchors.has_parameters(
        s3,
        "serve_cloudfront_origin_fetch",
        "bucket_name key method headers source_arn oai_id",
    )
    fetch = s3.serve_cloudfront_origin_fetch

    def serve(
        bucket: str,
        key: str,
        method: str,
        headers: dict[str, str],
        source_arn: str = "",
        oai_id: str = "",
    ) -> tuple[int, Any, bytes]:
        answer = fetch(bucket, key, method, headers, source_arn=source_arn, oai_id=oai_id)
        if answer[0] == 403 and _is_missing(bucket, key) and _may_list(bucket, source_arn):
            text = "The specified key does not exist."
            answer = s3._error("NoSuchKey", text, 404, f"/{bucket}/{key}")
        return answer

    s3.serve_cloudfront_origin_fetch = serve


def _is_missing(bucket: str, key: str) -> bool:
    found = s3._ensure_bucket(bucket)
    return found is not None and key not in found["objects"]


def _may_list(bucket: str, distribution_arn: str) -> bool:
    policy = s3._bucket_policies.get(bucket)
    if not policy or not distribution_arn:
        return False
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket}",
        region=s3.get_region(),
        service_context={"aws:sourcearn": distribution_arn},
    )
    return evaluate_resource_policy(policy, context, service=CLOUDFRONT).decision == "Allow"
