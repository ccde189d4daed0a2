import re

import pytest

from handlers.adapters import ledger_rows, order_table
from handlers.adapters.conditions import transact
from handlers.domain.ledger import SEVERAL, LedgerKind
from handlers.domain.order import OrderStatus
from tests.support.database import ORDER_ID, an_order, ledger, ledger_row, put_order

pytestmark = pytest.mark.usefixtures("orders_table")
S = OrderStatus
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_ledger_row_goes_with_the_move_that_it_explains_or_not_at_all() -> None:
    order = put_order(an_order("REJECTING"))
    stale = order | {"status": "VALIDATED"}
    write, _ = order_table.move(stale, S.PAYMENT_AUTHORIZED, "run-7")
    row = ledger_rows.row(order, LedgerKind.AUTHORIZE, 2801, "pi_1")
    assert 0 in transact([write, row])
    assert ledger() == {}


def test_a_ledger_row_says_what_how_much_where_and_when() -> None:
    row = ledger_rows.row(an_order("REJECTING"), LedgerKind.CAPTURE, 2801, "pi_1")
    ledger_rows.add([row])
    stored = ledger_row("CAPTURE")
    assert ISO.fullmatch(stored.pop("at"))
    assert stored == {
        "pk": f"ORDER#{ORDER_ID}",
        "sk": "TXN#CAPTURE",
        "kind": "CAPTURE",
        "amount": 2801,
        "currency": "USD",
        "gatewayId": "pi_1",
    }


def test_a_ledger_row_that_is_there_stays_as_it_is_and_the_others_are_added() -> None:
    order = an_order("REJECTING")
    ledger_rows.add([ledger_rows.row(order, LedgerKind.AUTHORIZE, 2801, "pi_1")])
    first = ledger_row("AUTHORIZE")
    kinds = (LedgerKind.AUTHORIZE, LedgerKind.RELEASE)
    ledger_rows.add([ledger_rows.row(order, kind, 1, "pi_2") for kind in kinds])
    assert ledger_row("AUTHORIZE") == first
    assert ledger() == {"AUTHORIZE": 2801, "RELEASE": 1}


@pytest.mark.parametrize("kind", LedgerKind)
def test_a_payment_has_one_row_of_a_kind_but_one_for_each_refund_and_dispute(
    kind: LedgerKind,
) -> None:
    order = an_order("CONFIRMED")
    ledger_rows.add([ledger_rows.row(order, kind, 5, each) for each in ("id_1", "id_2", "id_2")])
    assert ledger() == {kind: 10 if kind in SEVERAL else 5}
