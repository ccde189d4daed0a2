from typing import Any

import pytest

from handlers.adapters.customer_mail import get_order, note
from handlers.domain.mail_outcome import Outcome
from tests.support.database import ORDER_ID, an_order, everything, put_order

pytestmark = pytest.mark.usefixtures("orders_table")
EARLIER, LATER = "2026-11-22T10:25:13.000Z", "2026-11-22T10:25:15.000Z"
ORDER: Any = an_order("CONFIRMED")


def test_an_order_is_read_with_what_is_known_of_its_customers_address() -> None:
    put_order(ORDER)
    assert get_order(ORDER_ID, "customer-anna") == (ORDER, None)
    note(ORDER, Outcome.BOUNCED, EARLIER)
    assert get_order(ORDER_ID, "customer-anna") == (ORDER, Outcome.BOUNCED)


def test_an_order_that_is_not_there_reads_as_none_whatever_is_known_of_the_customer() -> None:
    note(ORDER, Outcome.BOUNCED, EARLIER)
    assert get_order(ORDER_ID, "customer-anna") == (None, None)


def test_what_is_known_of_another_address_or_customer_does_not_count() -> None:
    put_order(ORDER)
    note(ORDER | {"email": "old@example.com"}, Outcome.BOUNCED, EARLIER)
    note(ORDER | {"customerId": "customer-ben"}, Outcome.BOUNCED, EARLIER)
    assert get_order(ORDER_ID, "customer-anna") == (ORDER, None)


@pytest.mark.parametrize("times", [(EARLIER, LATER), (LATER, EARLIER)])
def test_the_latest_news_stay(times: tuple[str, str]) -> None:
    """So late news of a former address let mail to the present one bounce no second time."""
    addresses = {EARLIER: "old@example.com", LATER: ORDER["email"]}
    put_order(ORDER)
    for at in times:
        note(ORDER | {"email": addresses[at]}, Outcome.BOUNCED, at)
    assert get_order(ORDER_ID, "customer-anna") == (ORDER, Outcome.BOUNCED)


def test_the_row_holds_no_address() -> None:
    note(ORDER, Outcome.COMPLAINED, EARLIER)
    [row] = everything()["orders"].values()
    assert row.keys() == {"pk", "sk", "address", "outcome", "at"}
    assert not any(part in str(row) for part in ("anna@", "example"))
