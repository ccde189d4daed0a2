import re
from html.parser import HTMLParser
from typing import Any

import pytest

from handlers.domain import mail, shop
from handlers.domain.events import FOR_CUSTOMERS, EventType
from handlers.domain.mail import Mail
from handlers.domain.order import RejectionReason

LINES = [{"productId": "mug", "quantity": 2}, {"productId": "pot", "quantity": 1}]
PLACED: dict[str, Any] = {
    "orderId": "MFRGGZDFMZTWQ2LKNNWG23TPOB",
    "name": "Zoë",
    "lines": LINES,
    "total": 5799,
    "currency": "USD",
    "timeline": [{"status": "CONFIRMED", "at": "2026-11-22T10:25:10.000Z"}],
    "approveBy": "2026-11-22T14:32:10.000Z",
}
PRICED: dict[str, Any] = PLACED | {
    "lines": [
        {"productId": "mug", "quantity": 2, "name": "Enamel Mug", "unitPrice": 1400},
        {"productId": "pot", "quantity": 1, "name": "Tea Pot", "unitPrice": 2999},
    ]
}
NO_CHARGE = "You have not been charged, and nothing is held on your card."
LINK = "https://shop.example/orders/MFRGGZDFMZTWQ2LKNNWG23TPOB"
VOID_TAGS = {"meta", "br", "img", "link", "input", "hr"}


def compose(event: EventType, order: Any) -> Mail:
    return mail.compose(event, order, "https://shop.example")


def rejected(reason: str, detail: str = "", **order: Any) -> Mail:
    return compose(EventType.ORDER_REJECTED, PLACED | {"reason": reason, "detail": detail} | order)


def words(mail: Mail) -> str:
    """The mail's text without its line breaks."""
    return " ".join(mail.text.split())


class Page(HTMLParser):
    """Reads a page as a browser would: its visible text, its tags, and whether they close."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.seen: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.seen += data.split()


def test_a_confirmed_order_is_told_with_lines_amounts_and_total() -> None:
    mail = compose(EventType.ORDER_CONFIRMED, PRICED)
    assert mail.subject == "Your order is confirmed"
    assert mail.text == (
        "Your order is confirmed\n\n"
        "Hello Zoë,\n\n"
        "Thank you for your order. We have charged $57.99 to your card.\n\n"
        "The receipt is on your order's page as soon as it is ready.\n\n"
        f"View your order:\n{LINK}\n\n"
        "Order MFRGGZDFMZTWQ2LKNNWG23TPOB\n"
        "  2 x Enamel Mug: $28.00\n"
        "  1 x Tea Pot: $29.99\n"
        "  Total: $57.99\n\n"
        f"Questions? Write to {shop.CONTACT}.\n\n"
        f"{shop.NAME}\n"
    )


def test_a_cancelled_order_is_told_that_it_was_refunded() -> None:
    mail = compose(EventType.ORDER_CANCELLED, PRICED)
    assert mail.subject == "Your order is cancelled"
    assert "We have refunded $57.99 to the card you paid with." in words(mail)


def test_a_cancelled_order_that_was_never_charged_is_not_told_of_a_refund() -> None:
    waited = [{"status": "AWAITING_PAYMENT", "at": "2026-11-22T10:25:10.000Z"}]
    told = words(compose(EventType.ORDER_CANCELLED, PRICED | {"timeline": waited}))
    assert NO_CHARGE in told
    assert "refund" not in told


def test_an_approval_is_asked_for_with_its_amount_and_its_end() -> None:
    mail = compose(EventType.PAYMENT_APPROVAL_NEEDED, PRICED)
    assert mail.subject == "Approve your payment"
    assert "approve the payment of $57.99" in words(mail)
    assert "by 14:32 UTC on 22 November." in words(mail)


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_rejection_reason_has_its_own_words_and_says_what_it_costs(reason: str) -> None:
    def told(one: str) -> list[str]:
        what, costs, following = rejected(one).text.split("\n\n")[2:5]
        assert " ".join(costs.split()) == NO_CHARGE
        return [what, following]

    others = {part for other in RejectionReason if other != reason for part in told(other)}
    assert not others & set(told(reason))
    assert reason not in rejected(reason).text  # the code is ours, the words are the customer's


@pytest.mark.parametrize(
    ("reason", "detail", "sentence"),
    [
        (
            "PAYMENT_DECLINED",
            "INSUFFICIENT_FUNDS",
            "Your bank declined the payment: there was not enough money available on the card.",
        ),
        (
            "PAYMENT_DECLINED",
            "EXPIRED_CARD",
            "Your bank declined the payment: the card has expired.",
        ),
        (
            "PAYMENT_DECLINED",
            "CARD_DECLINED",
            "Your bank declined the payment: it did not tell us why.",
        ),
        ("PRICE_CHANGED", "6299 USD", "You agreed to $57.99; today it comes to $62.99."),
        (
            "AMOUNT_NOT_ACCEPTED",
            "5799 USD",
            "We can't take a payment of $57.99. An order has to come to at least $0.50 and at most "
            "$999,999.99.",
        ),
        (
            "TOO_MANY_ORDERS",
            "more than 20 in ten minutes",
            "You can order again ten minutes after your latest order.",
        ),
        ("OUT_OF_STOCK", "mug, pot", "We don't have enough of this left: mug, pot."),
        ("UNKNOWN_PRODUCT", "mug", "We no longer sell this: mug."),
    ],
)
def test_a_known_detail_gets_its_own_sentence(reason: str, detail: str, sentence: str) -> None:
    assert sentence in words(rejected(reason, detail))


@pytest.mark.parametrize(
    ("reason", "detail"),
    [
        ("PAYMENT_DECLINED", "STOLEN_CARD"),
        ("PAYMENT_DECLINED", "LOST_CARD"),
        ("SYSTEM_FAULT", "ProcessPayment"),
        ("OUT_OF_STOCK", "something-internal"),
        ("TOO_MANY_ORDERS", "more than 20 in ten minutes"),
    ],
)
def test_a_detail_that_the_customer_cannot_act_on_is_not_told(reason: str, detail: str) -> None:
    assert rejected(reason, detail) == rejected(reason, "")


def test_products_are_called_by_their_names_once_these_are_known() -> None:
    mail = rejected("OUT_OF_STOCK", "pot", **PRICED)
    assert "We don't have enough of this left: Tea Pot." in words(mail)


@pytest.mark.parametrize("reason", ["OUT_OF_STOCK", "AUTHORIZATION_EXPIRED", "SYSTEM_FAULT"])
def test_an_order_that_reached_the_bank_is_told_that_the_hold_is_released(reason: str) -> None:
    mail = rejected(reason, **PRICED, payment={"intentId": "pi_1"})
    assert "it has been released in full" in words(mail)
    assert NO_CHARGE not in words(mail)


def test_an_order_without_prices_yet_shows_products_and_quantities_alone() -> None:
    mail = rejected("PRICE_CHANGED")
    assert "  2 x mug\n  1 x pot\n\n" in mail.text
    assert "Amount" not in Page(mail.html).seen
    assert "Total" not in Page(mail.html).seen


@pytest.mark.parametrize("event", sorted(FOR_CUSTOMERS))
def test_every_mail_links_to_its_order_by_a_button_and_by_its_address(event: EventType) -> None:
    letter = compose(event, PRICED | {"reason": "SYSTEM_FAULT"})
    assert f"View your order:\n{LINK}\n" in letter.text
    page = Page(letter.html)
    assert [attrs.get("href") for tag, attrs in page.tags if "href" in attrs] == [LINK, LINK]
    assert {tag for tag, attrs in page.tags if "href" in attrs} == {"a"}
    assert {"View", LINK} <= set(page.seen)


def test_html_escapes_markup_in_names() -> None:
    hostile = '<script>alert("1")</script>&'
    order = PRICED | {
        "name": hostile,
        "lines": [{"productId": "x", "name": hostile, "quantity": 1, "unitPrice": 5799}],
    }
    page = Page(compose(EventType.ORDER_CONFIRMED, order).html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert page.seen.count('<script>alert("1")</script>&,') == 1
    assert page.seen.count(hostile) == 1


def test_a_name_stays_on_its_line() -> None:
    order = PRICED | {"name": "Zoë\n\nYou won: http://example.com\r\n"}
    assert (
        "Hello Zoë You won: http://example.com,\n" in compose(EventType.ORDER_CONFIRMED, order).text
    )


@pytest.mark.parametrize("mail", sorted(FOR_CUSTOMERS))
def test_html_says_the_same_as_the_text_and_loads_nothing(mail: EventType) -> None:
    letter = compose(mail, PRICED | {"reason": "SYSTEM_FAULT"})
    page = Page(letter.html)
    assert page.open == []
    assert not re.search(r"src=|url\(|@import", letter.html)
    spoken = [word for word in words(letter).split() if word != "x"]
    assert {word.rstrip(":") for word in spoken} <= {word.rstrip(":") for word in page.seen}
    assert {"Item", "Quantity", "Amount"} <= set(page.seen)
    assert ("html", {"lang": "en"}) in page.tags
    assert [tag for tag, _ in page.tags].count("h1") == 1
    layout = [attrs for tag, attrs in page.tags if tag == "table"]
    assert [attrs.get("role") for attrs in layout] == [*["presentation"] * 3, None]


def test_a_rejection_without_a_known_reason_is_a_fault() -> None:
    with pytest.raises(ValueError, match="BECAUSE"):
        rejected("BECAUSE")


@pytest.mark.parametrize("event", sorted(set(EventType) - FOR_CUSTOMERS))
def test_customers_get_no_mail_about_what_is_for_operators(event: EventType) -> None:
    with pytest.raises(ValueError, match=event):
        compose(event, PRICED)
