import re
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from handlers.adapters import receipt_bucket
from handlers.runtime.aws import client

ORDER = "MFRGGZDFMZTWQ2LKNNWG23TPOB"


@pytest.fixture(autouse=True)
def fresh_signer() -> None:
    receipt_bucket._signer.cache_clear()


def test_a_receipt_is_stored_as_a_pdf_under_its_orders_key(receipts_bucket: str) -> None:
    receipt_bucket.put(ORDER, b"%PDF-first")
    stored = boto3.client("s3").get_object(Bucket=receipts_bucket, Key=f"receipts/{ORDER}.pdf")
    assert stored["Body"].read() == b"%PDF-first"
    assert stored["ContentType"] == "application/pdf"
    assert stored["Metadata"] == {"order-id": ORDER}


def test_a_receipt_that_is_there_is_never_overwritten(receipts_bucket: str) -> None:
    receipt_bucket.put(ORDER, b"%PDF-first")
    receipt_bucket.put(ORDER, b"%PDF-second")
    stored = boto3.client("s3").get_object(Bucket=receipts_bucket, Key=f"receipts/{ORDER}.pdf")
    assert stored["Body"].read() == b"%PDF-first"


@pytest.mark.parametrize("code", ["ConditionalRequestConflict", "AccessDenied", "NoSuchBucket"])
def test_an_answer_that_does_not_prove_the_receipt_is_there_is_a_fault(
    receipts_bucket: str, code: str
) -> None:
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "PutObject")
    with (
        patch.object(client("s3"), "put_object", side_effect=error),
        pytest.raises(ClientError, match=code),
    ):
        receipt_bucket.put(ORDER, b"%PDF")


@pytest.mark.parametrize(
    ("region", "host"),
    [("us-east-1", "s3.amazonaws"), ("eu-central-1", "s3.eu-central-1.amazonaws")],
)
def test_a_link_downloads_the_receipt_for_five_minutes(
    receipts_bucket: str, monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    url, expires_at = receipt_bucket.link(ORDER)
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    assert parts.scheme == "https"
    assert parts.netloc == f"receipts-bucket.{host}.com"
    assert parts.path == f"/receipts/{ORDER}.pdf"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-disposition"] == [f'attachment; filename="receipt-{ORDER}.pdf"']
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", expires_at)
    signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%S%z")
    gained = signed + timedelta(seconds=300) - datetime.fromisoformat(expires_at)
    assert timedelta(0) <= gained <= timedelta(seconds=2)  # never promised for too long


def test_a_local_endpoint_is_addressed_by_path(
    receipts_bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    url, _ = receipt_bucket.link(ORDER)
    assert url.startswith(f"http://localhost:4566/receipts-bucket/receipts/{ORDER}.pdf?")
