from io import BytesIO
from typing import Any

import boto3
import pypdf
import pytest

from handlers.adapters.items import encode
from handlers.workflow.generate_receipt import lambda_handler
from tests.support.database import as_stored

ORDER: dict[str, Any] = {
    "orderId": "MFRGGZDFMZTWQ2LKNNWG23TPOB",
    "name": "Łukasz 漢字",
    "status": "CONFIRMED",
    "version": 6,
    "createdAt": "2026-11-22T10:25:10.123Z",
    "timeline": [{"status": "CONFIRMED", "at": "2026-11-22T10:25:11.000Z"}],
    "lines": [{"productId": "mug", "name": "Enamel Mug", "quantity": 2, "unitPrice": 1400}],
    "total": 2800,
    "currency": "USD",
}
KEY = "receipts/MFRGGZDFMZTWQ2LKNNWG23TPOB.pdf"


def run(order: dict[str, Any]) -> dict[str, Any]:
    return lambda_handler({"order": encode(as_stored(order)), "execution": "run-1"}, None)


def stored(bucket: str) -> bytes:
    return boto3.client("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read()


def test_a_confirmed_order_gets_its_receipt(receipts_bucket: str) -> None:
    assert run(ORDER) == {"outcome": "STORED"}
    text = pypdf.PdfReader(BytesIO(stored(receipts_bucket))).pages[0].extract_text()
    assert "Łukasz 漢字" in text
    assert "Total paid\n$28.00" in text


def test_running_again_changes_nothing(receipts_bucket: str) -> None:
    run(ORDER)
    before = stored(receipts_bucket)
    assert run(ORDER | {"version": 7, "name": "Another"}) == {"outcome": "STORED"}
    assert stored(receipts_bucket) == before


def test_the_same_order_makes_the_same_bytes(receipts_bucket: str) -> None:
    run(ORDER)
    before = stored(receipts_bucket)
    boto3.client("s3").delete_object(Bucket=receipts_bucket, Key=KEY)
    run(ORDER | {"version": 9, "receiptStored": True})
    assert stored(receipts_bucket) == before


def test_an_unpaid_order_gets_no_receipt(receipts_bucket: str) -> None:
    with pytest.raises(ValueError, match="never confirmed"):
        run(ORDER | {"timeline": []})
    assert boto3.client("s3").list_objects_v2(Bucket=receipts_bucket)["KeyCount"] == 0
