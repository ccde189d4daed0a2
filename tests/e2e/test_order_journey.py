"""One order over HTTP, from the basket to the receipt, on what the program declared."""

import io

import pypdf

from localcloud import web
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import LiveSystem

_HAPPY = ["RECEIVED", "VALIDATED", "PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED"]


def test_an_order_ends_confirmed_paid_deducted_mailed_and_receipted(shop: LiveSystem) -> None:
    product, customer = shop.product(available=10, price=1250), shop.customer()

    order_id = customer.accepted({product: 3}, name="Zoë Łukasz 漢字")
    order = shop.settled(order_id)

    assert order["status"] == "CONFIRMED"
    assert [entry["status"] for entry in order["timeline"]] == _HAPPY
    assert shop.ledger(order_id) == {"AUTHORIZE": 3750, "CAPTURE": 3750}
    assert [intent.status for intent in shop.intents(order_id)] == ["succeeded"]
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)
    seen = customer.see(order_id)
    assert seen["total"] == {"amount": 3750, "currency": "USD"}
    assert seen["lines"][0]["unitPrice"] == {"amount": 1250, "currency": "USD"}
    assert seen["receiptAvailable"]
    assert not shop.listed("open", order_id)


def test_the_receipt_names_customer_lines_total_order_and_date(shop: LiveSystem) -> None:
    product, customer = shop.product(price=1250), shop.customer()
    order_id = customer.accepted({product: 3}, name="Zoë Łukasz 漢字")
    order = shop.settled(order_id)

    link = customer.request("GET", f"/api/orders/{order_id}/receipt").json()
    answer = web.request("GET", link["url"])

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.body)).pages)
    for expected in ("Zoë Łukasz 漢字", f"Thing {product}", "$12.50", "$37.50", order_id):
        assert expected in text
    assert order["createdAt"][:4] in text


def test_the_customer_gets_one_mail_with_lines_total_and_a_link_to_the_order(
    shop: LiveSystem,
) -> None:
    product, customer = shop.product(price=1250), shop.customer()
    order_id = customer.accepted({product: 3})
    shop.settled(order_id)
    shop.until(order_id, lambda _: bool(shop.mails(customer.email)))

    (mail,) = shop.mails(customer.email)

    assert order_id in mail["Subject"] + mail["BodyText"]
    for body in (mail["BodyText"], mail["BodyHtml"]):
        assert f"Thing {product}" in body
        assert "$37.50" in body
        assert f"{shop.outputs['storefrontUrl']}/orders/{order_id}" in body


def test_the_same_request_twice_is_one_order(shop: LiveSystem) -> None:
    product, customer = shop.product(available=10), shop.customer()

    first = customer.accepted({product: 1}, key="once")
    second = customer.accepted({product: 1}, key="once")

    assert first == second
    shop.settled(first)
    assert len(shop.intents(first)) == 1
    assert_stock_is_exact(shop, first, product, initial=10)


def test_nobody_elses_order_exists(shop: LiveSystem) -> None:
    owner, stranger = shop.customer(), shop.customer()
    order_id = owner.accepted({shop.product(): 1})
    shop.settled(order_id)

    for path in (f"/api/orders/{order_id}", f"/api/orders/{order_id}/receipt"):
        assert stranger.request("GET", path).status == 404
    assert stranger.request("GET", "/api/orders").json() == {"orders": []}
    assert [each["orderId"] for each in owner.request("GET", "/api/orders").json()["orders"]] == [
        order_id
    ]


def test_without_a_token_there_is_nothing_but_the_catalogue(shop: LiveSystem) -> None:
    api = shop.outputs["apiUrl"]
    assert web.request("GET", f"{api}/api/products").status == 200
    for path in ("/api/orders", "/api/orders/AAAAAAAAAAAAAAAAAAAAAAAAAA"):
        answer = web.request("GET", api + path)
        assert answer.status == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
