from datetime import UTC, datetime, timedelta

import pytest

from handlers.adapters import receipt_bucket
from tests.support.database import ORDER_ID, an_order, put_order
from tests.support.rest_client import RestClient

PATH = f"/api/orders/{ORDER_ID}/receipt"
KEY = f"receipts/{ORDER_ID}.pdf"


@pytest.fixture(autouse=True)
def signer(receipts_bucket_name: None) -> None:
    receipt_bucket._signer.cache_clear()


@pytest.fixture
def receipts_bucket_name(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing asks nobody, so the bucket itself is not needed."""
    monkeypatch.setenv("RECEIPTS_BUCKET", "receipts-bucket")


def test_the_customer_gets_a_link_to_the_orders_own_receipt(anna: RestClient) -> None:
    put_order(an_order("CONFIRMED", receiptStored=True))
    answer = anna.get(PATH)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert f"receipts-bucket.s3.amazonaws.com/{KEY}?" in answer.body["url"]
    left = datetime.fromisoformat(answer.body["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)


@pytest.mark.parametrize("status", ["RECEIVED", "CONFIRMED", "REJECTED"])
def test_an_order_without_a_receipt_has_no_link(anna: RestClient, status: str) -> None:
    put_order(an_order(status))
    assert anna.get(PATH).status == 404


def test_another_customers_receipt_is_as_if_it_did_not_exist(ben: RestClient) -> None:
    put_order(an_order("CONFIRMED", receiptStored=True))
    nothing = ben.get(f"/api/orders/{'Z' * 26}/receipt")
    assert ben.get(PATH) == nothing
    assert nothing.status == 404


@pytest.mark.parametrize("order_id", ["x", ORDER_ID.lower(), "..", "%2e%2e"])
def test_a_malformed_order_id_has_no_receipt(anna: RestClient, order_id: str) -> None:
    assert anna.get(f"/api/orders/{order_id}/receipt").status == 404
