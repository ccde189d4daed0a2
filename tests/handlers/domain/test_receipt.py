from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.domain.receipt import Receipt, ReceiptLine, receipt_key, receipt_of

ORDER: dict[str, Any] = {
    "orderId": "MFRGGZDFMZTWQ2LKNNWG23TPOB",
    "email": "zoe@example.com",
    "name": "Zoë",
    "status": "CONFIRMED",
    "createdAt": "2026-11-22T23:59:58.123Z",
    "timeline": [
        {"status": "RECEIVED", "at": "2026-11-22T23:59:58.123Z"},
        {"status": "CONFIRMED", "at": "2026-11-23T00:00:01.500Z", "run": "r"},
    ],
    "lines": [
        {"productId": "mug", "name": "Enamel Mug", "quantity": 3, "unitPrice": 1400},
        {"productId": "pot", "name": "Tea Pot", "quantity": 1, "unitPrice": 2999},
    ],
    "total": 7199,
    "currency": "EUR",
    "version": 7,
}


def test_a_receipt_says_what_was_bought_when_it_was_paid_and_what_it_cost() -> None:
    assert receipt_of(ORDER) == Receipt(
        order_id="MFRGGZDFMZTWQ2LKNNWG23TPOB",
        ordered_at=datetime(2026, 11, 22, 23, 59, 58, 123000, UTC),
        paid_at=datetime(2026, 11, 23, 0, 0, 1, 500000, UTC),
        customer="Zoë",
        lines=(ReceiptLine("Enamel Mug", 3, 1400, 4200), ReceiptLine("Tea Pot", 1, 2999, 2999)),
        total=7199,
        currency="EUR",
    )


def test_what_changes_after_the_payment_does_not_change_the_receipt() -> None:
    later = {
        "status": "CANCELLING",
        "version": 9,
        "updatedAt": "2026-11-24T00:00:00.000Z",
        "attempts": 2,
        "timeline": [
            *ORDER["timeline"],
            {"status": "CANCELLING", "at": "2026-11-24T00:00:00.000Z"},
        ],
    }
    assert receipt_of(ORDER | later) == receipt_of(ORDER)


def test_a_customer_without_a_name_gets_a_receipt() -> None:
    assert receipt_of({k: v for k, v in ORDER.items() if k != "name"}).customer == ""
    assert receipt_of(ORDER | {"name": "  "}).customer == ""


def test_an_order_that_was_never_confirmed_has_no_receipt() -> None:
    with pytest.raises(ValueError, match="never confirmed"):
        receipt_of(ORDER | {"timeline": ORDER["timeline"][:1]})


def test_the_key_is_made_from_the_order_alone() -> None:
    assert receipt_key("MFRGGZDFMZTWQ2LKNNWG23TPOB") == "receipts/MFRGGZDFMZTWQ2LKNNWG23TPOB.pdf"
