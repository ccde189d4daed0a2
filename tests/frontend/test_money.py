"""An amount has the same digits on the page, in the mail and on the receipt."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest

from handlers.adapters.receipt_pdf import draw
from handlers.domain.events import EventType
from handlers.domain.mail import compose
from handlers.domain.money import CURRENCIES
from handlers.domain.receipt import Receipt, ReceiptLine
from local.node import FRONTEND
from localcloud import node

AMOUNT = 1_234_567
_PAGE = """
import { runnerImport } from "vite";
const { module } = await runnerImport("./src/money.ts", { configFile: false, logLevel: "silent" });
const shown = CURRENCIES.map((currency) => [currency, module.formatMoney({ amount: AMOUNT, currency })]);
console.log(JSON.stringify(Object.fromEntries(shown)));
"""
_RECEIPT = Receipt(
    order_id="MFRGGZDFMZTWQ2LKNNWG23TPOB",
    ordered_at=datetime(2026, 11, 22, 10, 25, tzinfo=UTC),
    paid_at=datetime(2026, 11, 22, 10, 26, tzinfo=UTC),
    customer="Zoë",
    lines=(ReceiptLine("Enamel Mug", 1, AMOUNT, AMOUNT),),
    total=AMOUNT,
    currency="",
)


@pytest.fixture(scope="module")
def page() -> dict[str, str]:
    """The amount in each currency of the table, as the storefront writes it."""
    script = _PAGE.replace("CURRENCIES", json.dumps([*CURRENCIES]))
    script = script.replace("AMOUNT", str(AMOUNT), 1)
    run = node.run(["--input-type=module", "--eval", script], FRONTEND, input="")
    return json.loads(run.stdout)


def _digits(text: str) -> str:
    return re.sub(r"[^\d.,]", "", text)


def _mailed(currency: str) -> str:
    order = {"orderId": "O1", "lines": [], "total": AMOUNT, "currency": currency}
    mail = compose(EventType.ORDER_CONFIRMED, order, "https://shop.example")
    (line,) = re.findall(r"We have charged (.+?) to your", mail.text)
    return line


def _receipted(currency: str) -> str:
    document = pypdf.PdfReader(BytesIO(draw(replace(_RECEIPT, currency=currency))))
    lines = document.pages[0].extract_text().splitlines()
    return lines[lines.index("Total paid") + 1]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_page_mail_and_receipt_show_the_same_digits(page: dict[str, str], currency: str) -> None:
    places = CURRENCIES[currency]["digits"]
    expected = f"{AMOUNT / 10**places:,.{places}f}"
    shown = [page[currency], _mailed(currency), _receipted(currency)]
    assert [_digits(text) for text in shown] == [expected] * 3
