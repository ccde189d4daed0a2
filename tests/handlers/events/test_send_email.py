import io
import json

import pytest

from handlers.adapters import mailer
from handlers.adapters.order_table import insert
from handlers.domain.events import FOR_CUSTOMERS, FOR_OPERATORS, EventType
from handlers.domain.order import OrderStatus
from tests.support.mail_queue import CONFIRMATION, ORDER, Outbox, deliver, message, order_becomes


def not_about_the_customer(log: io.StringIO) -> bool:
    return not any(part in log.getvalue() for part in ("Zo", "zoe", "ukasz", "@"))


def test_the_same_event_twice_sends_one_mail(outbox: Outbox) -> None:
    assert deliver(message()) == []
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_the_same_event_twice_in_one_batch_sends_one_mail(outbox: Outbox) -> None:
    assert deliver(message(), message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_two_consumers_at_once_send_one_mail(outbox: Outbox) -> None:
    second: list[str] = []
    outbox.during = lambda: second.extend(deliver(message()))
    assert deliver(message()) == []
    assert second == ["A-OrderConfirmed"]  # it comes again, and finds the mail sent
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_each_event_of_an_order_has_its_own_mail(outbox: Outbox) -> None:
    assert deliver(message()) == []
    order_becomes("CANCELLED")
    assert deliver(message("OrderCancelled")) == []
    assert outbox.sent == [CONFIRMATION, ("Your order is cancelled", "zoe@example.com")]


@pytest.mark.parametrize("event", sorted(FOR_CUSTOMERS))
@pytest.mark.parametrize("status", OrderStatus)
def test_a_mail_is_sent_only_while_the_order_stands_as_it_says(
    outbox: Outbox, log: io.StringIO, event: EventType, status: OrderStatus
) -> None:
    true = {
        ("PaymentApprovalNeeded", "AWAITING_PAYMENT"),
        ("OrderConfirmed", "CONFIRMED"),
        ("OrderRejected", "REJECTED"),
        ("OrderCancelled", "CANCELLED"),
    }
    order_becomes(status, reason="OUT_OF_STOCK", approveBy="2099-01-01T00:00:00.000Z")
    assert deliver(message(event)) == []
    assert len(outbox.sent) == int((event, status) in true)
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    if not outbox.sent:
        told = (line["level"], line["message"], line["status"])
        assert told == ("INFO", "mail dropped: untrue by now", status)


def test_an_approval_is_not_asked_for_once_its_time_is_over(outbox: Outbox) -> None:
    order_becomes("AWAITING_PAYMENT", approveBy="2026-01-01T00:00:00.000Z")
    assert deliver(message("PaymentApprovalNeeded")) == []
    assert outbox.sent == []


def test_an_order_that_is_cancelled_before_its_confirmation_is_mailed_gets_one_mail(
    outbox: Outbox,
) -> None:
    """Neither the topic nor the queue keeps the order of events."""
    order_becomes("CANCELLED")
    assert deliver(message("OrderCancelled"), message("OrderConfirmed")) == []
    assert outbox.sent == [("Your order is cancelled", "zoe@example.com")]


def test_a_mail_goes_to_the_domain_in_punycode(outbox: Outbox) -> None:
    order_becomes("CONFIRMED", email="zoe@müller.example")
    assert deliver(message()) == []
    assert outbox.sent == [("Your order is confirmed", "zoe@xn--mller-kva.example")]


def test_an_address_that_ses_does_not_take_is_told_once_and_is_no_poison(
    outbox: Outbox, log: io.StringIO
) -> None:
    order_becomes("CONFIRMED", email="zoë@example.com")
    assert deliver(message()) == []
    assert outbox.sent == []
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    told = (line["level"], line["message"], line["orderId"])
    assert told == ("WARNING", "no mail: SES doesn't take the customer's address", "A")
    assert "@" not in log.getvalue()


@pytest.mark.parametrize("kind", sorted(FOR_OPERATORS))
def test_what_is_not_for_customers_is_not_mailed(outbox: Outbox, kind: str) -> None:
    assert deliver(message(kind)) == []
    assert outbox.sent == []


def test_a_mail_is_one_line_in_the_log_without_the_customer(
    outbox: Outbox, log: io.StringIO
) -> None:
    deliver(message())
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("INFO", "mail sent")
    assert (line["orderId"], line["mail"]) == ("A", "OrderConfirmed")
    assert not_about_the_customer(log)


def test_a_mail_that_ses_refuses_is_logged_without_the_customer(
    orders_table: str, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDER_EMAIL", "unverified@shop.example")
    monkeypatch.setenv("CONFIGURATION_SET", "orders-dev-mail")
    monkeypatch.setenv("STOREFRONT_URL", "https://shop.example")
    mailer._ses.cache_clear()
    insert(ORDER)
    assert deliver(message()) == ["A-OrderConfirmed"]
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("ERROR", "mail failed")
    assert json.loads(line["event"])["orderId"] == "A"
    assert "MailRefused: MessageRejected" in line["exception"]
    assert not_about_the_customer(log)
