import pytest

from handlers.adapters.attention import MAIL, flag
from tests.support.database import ORDER_ID, an_order, everything, put_order, stored_order

pytestmark = pytest.mark.usefixtures("orders_table")


@pytest.mark.parametrize("status", ["PAYMENT_AUTHORIZED", "CONFIRMED", "REJECTED"])
def test_an_order_is_listed_with_the_cause_in_any_status_and_is_otherwise_as_before(
    status: str,
) -> None:
    before = put_order(an_order(status))
    assert flag(ORDER_ID, MAIL)
    after = stored_order()
    since = after["attention"].pop("MAIL")
    assert (after.pop("attentionShard"), after.pop("attentionSince")) == ("0", since)
    assert after == before


def test_a_cause_is_set_once() -> None:
    put_order(an_order("CONFIRMED"))
    flag(ORDER_ID, MAIL)
    before = everything()
    assert flag(ORDER_ID, MAIL)
    assert everything() == before


def test_no_order_is_made_to_be_flagged() -> None:
    assert not flag(ORDER_ID, MAIL)
    assert everything() == {"orders": {}}
