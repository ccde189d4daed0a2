import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from handlers.adapters.receipt_pdf import draw
from handlers.domain import shop
from handlers.domain.receipt import Receipt, ReceiptLine

RECEIPT = Receipt(
    order_id="MFRGGZDFMZTWQ2LKNNWG23TPOB",
    ordered_at=datetime(2026, 11, 22, 10, 25, tzinfo=UTC),
    paid_at=datetime(2026, 11, 22, 10, 26, tzinfo=UTC),
    customer="Zoë Łukasz 漢字",
    lines=(ReceiptLine("Enamel Mug", 3, 1400, 4200), ReceiptLine("Café crème", 1, 2999, 2999)),
    total=7199,
    currency="EUR",
)


def pages(receipt: Receipt) -> list[list[str]]:
    """The texts of each page, as a PDF reader extracts them."""
    reader = pypdf.PdfReader(BytesIO(draw(receipt)), strict=True)
    return [page.extract_text().splitlines() for page in reader.pages]


def named(name: str, copies: int = 1) -> Receipt:
    lines = (ReceiptLine(name, 1, 100, 100),) * copies
    return replace(RECEIPT, customer="", lines=lines, total=100 * copies)


def fonts(receipt: Receipt) -> set[str]:
    page = pypdf.PdfReader(BytesIO(draw(receipt))).pages[0]
    resources = page["/Resources"]["/Font"]  # pyright: ignore[reportIndexIssue]
    return {
        str(font.get_object()["/BaseFont"]).lstrip("/").split("+")[-1]
        for font in resources.values()
    }


def test_a_receipt_reads_in_order() -> None:
    assert pages(RECEIPT) == [
        [
            *(shop.NAME, "Receipt"),
            *("Order", "MFRGGZDFMZTWQ2LKNNWG23TPOB"),
            *("Ordered", "22 November 2026, 10:25 UTC"),
            *("Customer", "Zoë Łukasz 漢字"),
            *("Paid by card", "22 November 2026, 10:26 UTC"),
            *("Item", "Quantity", "Unit price", "Amount"),
            *("Enamel Mug", "3", "€14.00", "€42.00"),
            *("Café crème", "1", "€29.99", "€29.99"),
            *("Total paid", "€71.99"),
            f"Thank you for shopping at {shop.NAME}.",
            f"Questions? Write to {shop.CONTACT}.",
            "Order MFRGGZDFMZTWQ2LKNNWG23TPOB, page 1 of 1",
        ]
    ]


@pytest.mark.parametrize(
    "name",
    [
        "é ł ż Ł ő ß ñ ğ ș",
        "Ελληνικός καφές",
        "Борщ, Україна ї",
        "漢字 简体 张",
        "かな カナ",
        "한글",
        "Tiếng Việt",
        "Ł “quoted” – €5",
    ],
)
def test_names_in_many_scripts_can_be_read_out_of_the_pdf(name: str) -> None:
    assert name in pages(named(name))[0]


@pytest.mark.parametrize(("name", "shown"), [("Zoe\u0308", "Zoë"), ("Łiță", "Łită")])
def test_a_letter_is_shown_whole_or_else_without_its_accent(name: str, shown: str) -> None:
    assert shown in pages(named(name))[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mug 😀", "Mug ?"),
        ("Łódź 😀", "Łódź ?"),
        ("سلام Mug", "???? Mug"),
        ("𠮷野", "?野"),
        ("Tea\n\tPot\x00\u200b", "Tea Pot"),
    ],
)
def test_what_no_font_has_becomes_a_question_mark(name: str, shown: str) -> None:
    assert shown in pages(named(name))[0]


def test_a_receipt_that_helvetica_can_show_embeds_no_font() -> None:
    assert fonts(named("Café “crème” – €5")) == {"Helvetica", "Helvetica-Bold"}
    assert fonts(named("Mug 😀")) == {"Helvetica", "Helvetica-Bold"}
    assert "WenQuanYiMicroHei-0" in fonts(named("漢字"))


def test_twenty_lines_fit_on_one_page_and_longer_ones_flow_onto_a_second() -> None:
    assert len(pages(named("Enamel Mug", 20))) == 1
    first, second = pages(named("A remarkably long name of a thing that nobody could forget", 20))
    assert first.count("€1.00") + second.count("€1.00") == 40
    assert "Total paid" not in first
    assert second[-5:-3] == ["Total paid", "€20.00"]
    assert second[-1] == "Order MFRGGZDFMZTWQ2LKNNWG23TPOB, page 2 of 2"


def test_a_long_name_takes_two_lines_and_is_cut_after_them() -> None:
    page = pages(named("word " * 40))[0]
    at = page.index("Amount") + 1
    assert set(page[at].split()) == {"word"}
    assert page[at + 1].endswith("…")
    assert page[at + 2 : at + 5] == ["1", "€1.00", "€1.00"]


@pytest.mark.parametrize("name", ["W" * 300, "漢" * 300])
def test_a_name_without_spaces_is_broken_anyway(name: str) -> None:
    page = pages(named(name))[0]
    at = page.index("Amount") + 1
    assert set(page[at]) == {name[0]}
    assert set(page[at + 1]) == {name[0], "…"}
    assert page[at + 2] == "1"


def test_the_same_receipt_is_the_same_bytes_in_any_process_and_after_any_other() -> None:
    program = (
        "import datetime, hashlib;"
        "from handlers.adapters.receipt_pdf import draw;"
        "from handlers.domain.receipt import Receipt, ReceiptLine;"
        f"print(hashlib.sha256(draw({RECEIPT!r})).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[3],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    draw(named("简体 other letters come first 한글"))
    assert digests == {hashlib.sha256(draw(RECEIPT)).hexdigest()}
