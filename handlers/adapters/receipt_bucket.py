"""The receipts bucket: each order's PDF, written once and read through short-lived links."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from handlers.domain.clock import timestamp
from handlers.domain.receipt import receipt_key
from handlers.runtime.aws import client, code, configured
from handlers.runtime.settings import ReceiptSettings, load

_LINK_SECONDS = 300


def put(order_id: str, pdf: bytes) -> None:
    """Store the order's receipt, unless it is there already.

    A conflict (409: the upload raced another change) proves nothing about the object, so it is
    raised like any fault; 412 proves that it is there.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    try:
        client("s3").put_object(
            Bucket=load(ReceiptSettings).receipts_bucket,
            Key=receipt_key(order_id),
            Body=pdf,
            ContentType="application/pdf",
            Metadata={"order-id": order_id},
            IfNoneMatch="*",
        )
    except ClientError as error:
        if code(error) != "PreconditionFailed":
            raise


def link(order_id: str) -> tuple[str, str]:
    """A URL that downloads the order's receipt for five minutes, and when it expires.

    Signing asks nobody: the link of a receipt that isn't there is made too, and leads nowhere.
    """
    signed = datetime.now(UTC).replace(microsecond=0)  # a signature's time has whole seconds
    url = _signer().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": load(ReceiptSettings).receipts_bucket,
            "Key": receipt_key(order_id),
            "ResponseContentDisposition": f'attachment; filename="receipt-{order_id}.pdf"',
        },
        ExpiresIn=_LINK_SECONDS,
    )
    return url, timestamp(signed + timedelta(seconds=_LINK_SECONDS))


@cache
def _signer() -> Any:
    """Signature version 4 with the bucket's regional host: the default signs for the global one,
    which redirects outside us-east-1, and the signature doesn't survive that.
    """
    style = "path" if load(ReceiptSettings).aws_endpoint_url else "virtual"
    config = Config(signature_version="s3v4", s3={"addressing_style": style})
    return configured("s3", config)
