"""From the shop window to the receipt: as most customers go, and by keyboard alone."""

from urllib.parse import urlsplit

import pypdf
from playwright.sync_api import Page, expect

from tests.support.browser.backend_checks import assert_ordered_once
from tests.support.browser.keyboard import (
    assert_heading_is_focused,
    follow,
    press,
    skip_to_content,
    tab_to,
)
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem

TIMELINE = [
    "Order received",
    "Prices and stock checked",
    "Payment held",
    "Items reserved",
    "Paid and confirmed",
    "Receipt ready",
]


def origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def test_a_customer_browses_orders_pays_follows_the_order_and_gets_mail_and_receipt(
    shopper: Shopper, shop: LiveSystem
) -> None:
    product = shop.product(available=10, price=1250)
    page = shopper.page
    shopper.visit("/")
    page.get_by_role("main").get_by_role("link", name=f"Thing {product}").click()
    shopper.button("One more").click()
    shopper.button("Add to basket").click()
    page.get_by_role("banner").get_by_role("link", name="Basket 2 items").click()
    page.get_by_role("link", name="Go to checkout").click()
    shopper.sign_in()
    expect(shopper.page.get_by_text(shopper.email)).to_be_visible()
    page.get_by_label("Name on the receipt").fill("Zoë Łukasz 漢字")
    shopper.button("Pay $25.00").click()

    shopper.reads_heading("Order confirmed")
    for title in TIMELINE:
        expect(page.get_by_role("listitem").filter(has_text=f"Done: {title}")).to_be_visible()
    with page.expect_download() as download:
        shopper.button("Download receipt").click()
    receipt = pypdf.PdfReader(download.value.path())
    text = "".join(each.extract_text() for each in receipt.pages)

    order_id = assert_ordered_once(shop, shopper, total=2500)
    assert shopper.order_id() == order_id
    assert order_id in text
    assert "Zoë Łukasz 漢字" in text
    assert shop.available(product) == 8
    shop.until(order_id, lambda _: bool(shop.mails(shopper.email)))
    page.get_by_role("link", name="My orders").click()
    listed = page.get_by_role("main").get_by_role("listitem").filter(has_text=order_id[:8])
    expect(listed).to_contain_text("Confirmed")
    expect(listed).to_contain_text("$25.00")


def test_the_shop_talks_to_nobody_but_itself_the_sign_in_and_the_receipts(
    shopper: Shopper, shop: LiveSystem
) -> None:
    shopper.put_in_basket(shop.product())
    shopper.sign_in()
    shopper.go_to_checkout()
    shopper.pay.click()
    with shopper.page.expect_download():
        shopper.button("Download receipt").click()

    storefront, cloud = shop.outputs["storefrontUrl"], shop.outputs["endpointUrl"]
    called = set(shopper.called)
    assert {origin(url) for url in called} == {storefront, cloud}
    receipts = f"/{shop.outputs['receiptsBucketName']}/receipts/"
    beside = {urlsplit(url).path for url in called if origin(url) == cloud}
    strange = {path for path in beside if not path.startswith(("/oauth2/", "/login", receipts))}
    assert not strange


def test_the_whole_journey_goes_by_keyboard_alone(shopper: Shopper, shop: LiveSystem) -> None:
    product = shop.product(price=700)
    page = shopper.page
    shopper.visit("/")
    expect(page.get_by_role("link", name=f"Thing {product}")).to_be_visible()
    skip_to_content(page)
    follow(page, f"Thing {product}", f"Thing {product}")
    tab_to(page, "Add to basket: ")
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="in your basket")).to_be_visible()
    tab_to(page, "Basket 1 item", key="Shift+Tab")
    page.keyboard.press("Enter")
    assert_heading_is_focused(page, "Your basket")
    follow(page, "Go to checkout", "Checkout")
    press(page, "Sign in")
    type_address(page, shopper.email)
    expect(shopper.pay).to_be_visible()
    tab_to(page, "Name on the receipt")
    page.keyboard.type("Ada")
    tab_to(page, "Visa Pays")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Mastercard")).to_be_checked()
    follow(page, "Pay $7.00", "Order confirmed")
    expect(shopper.button("Download receipt")).to_be_visible()
    with page.expect_download():
        press(page, "Download receipt")
    assert_ordered_once(shop, shopper, total=700)


def type_address(page: Page, email: str) -> None:
    """On the page of the hosted login."""
    expect(page.get_by_label("E-mail address")).to_be_visible()
    tab_to(page, "E-mail address")
    page.keyboard.press("Control+A")
    page.keyboard.type(email)
    page.keyboard.press("Enter")
