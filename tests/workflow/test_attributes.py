"""What an order, a ledger row and a product hold: the type, the workflow's writes and the document."""

import re
from pathlib import Path
from typing import Any

from handlers.domain.ledger import LedgerRow
from handlers.domain.order import Order
from handlers.domain.product import Product
from tests.support.asl_graph import tasks
from tests.support.order_paths import UPDATE, definition

DOCUMENT = Path(__file__).parents[2] / "docs" / "architecture.md"
SYNTAX = {"SET", "ADD", "REMOVE", "list_append", "if_not_exists"}


def documented(pk: str, sk: str) -> dict[str, bool]:
    """The attributes in the row of the document's tables, and whether each is always there."""
    text = DOCUMENT.read_text(encoding="utf-8")
    [holds] = re.findall(rf"^\| `{re.escape(pk)}` \| `{re.escape(sk)}` \| (.*) \|$", text, re.M)
    return {name: not maybe for name, maybe in re.findall(r"`(\w+)[^`]*`(\??)", holds)}


def of_type(noun: Any) -> dict[str, bool]:
    return {name: name in noun.__required_keys__ for name in noun.__annotations__}


def test_an_order_holds_what_the_document_says() -> None:
    stored = of_type(Order)
    del stored["orderId"]  # it is in the key
    assert documented("ORDER#<id>", "ORDER") == stored


def test_a_ledger_row_holds_what_the_document_says() -> None:
    assert documented("ORDER#<id>", "TXN#<kind>") == of_type(LedgerRow)


def test_a_product_holds_what_the_document_says_and_what_its_table_needs() -> None:
    own = {name for name in documented("PRODUCT#<id>", "PRODUCT") if name != "ACTIVE"}
    assert own == of_type(Product).keys() | {"taken", "stocked", "revision", "catalogue"}


def test_the_workflow_writes_no_attribute_that_an_order_does_not_have() -> None:
    for name, state in tasks(definition()).items():
        if state["Resource"] == UPDATE:
            expression = state["Arguments"]["UpdateExpression"]
            written = set(re.findall(r"(?<![#:\w.])[A-Za-z]\w*", expression)) - SYNTAX
            assert written <= Order.__annotations__.keys(), name
