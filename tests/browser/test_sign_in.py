"""Signing in and out through the hosted login, and what becomes of the tokens."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Request, expect

from localcloud.emulator.login_page import DEMO_CUSTOMER
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem


def test_a_customer_signs_in_and_is_back_where_they_were(shopper: Shopper) -> None:
    shopper.visit("/products/notebook")
    shopper.sign_in()
    assert shopper.page.url.endswith("/products/notebook")


def test_the_demo_customer_needs_one_click_on_a_page_that_says_what_it_is(shopper: Shopper) -> None:
    shopper.visit("/orders")
    shopper.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(shopper.page.get_by_text("Local cloud: no password needed.")).to_be_visible()
    expect(shopper.page.get_by_label("E-mail address")).to_have_value(DEMO_CUSTOMER)
    shopper.page.get_by_role("button", name="Continue").click()
    expect(shopper.page.get_by_role("button", name="Sign out")).to_be_visible()


def test_tokens_are_never_in_local_storage_or_a_cookie(shopper: Shopper) -> None:
    shopper.visit("/")
    shopper.sign_in()
    session = shopper.session()
    kept = json.dumps(shopper.stored("localStorage")) + json.dumps(shopper.context.cookies())
    tokens = [session[name] for name in ("id_token", "refresh_token")]
    assert all(len(token) > 20 for token in tokens)
    assert not [token for token in tokens if token in kept]
    # Nor any other: tokens are JSON in base64, which begins like this.
    assert not re.search(r"\bey[\w-]{10}", kept)


def test_a_reload_keeps_the_customer_signed_in(shopper: Shopper) -> None:
    shopper.visit("/")
    shopper.sign_in()
    shopper.page.reload()
    expect(shopper.page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_token_that_runs_out_is_renewed_without_a_word(shopper: Shopper) -> None:
    shopper.visit("/")
    shopper.sign_in()
    before = shopper.session()
    shopper.change_session(expires_at=1)
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.sees("You have not ordered anything yet.")
    after = shopper.session()
    assert after["expires_at"] > 1
    assert after["profile"]["sub"] == before["profile"]["sub"]


def test_a_session_that_can_not_be_renewed_asks_to_sign_in_again_and_goes_on(
    shopper: Shopper,
) -> None:
    shopper.expects("400")
    shopper.visit("/")
    shopper.sign_in()
    shopper.change_session(expires_at=1, refresh_token="not one of ours")
    shopper.page.get_by_role("link", name="My orders").click()
    expect(shopper.page.get_by_text("You have been signed out")).to_be_visible()
    shopper.sign_in()
    assert shopper.page.url.endswith("/orders")


def test_a_token_that_the_api_refuses_is_renewed_without_a_word(shopper: Shopper) -> None:
    shopper.expects("401")
    shopper.visit("/")
    shopper.sign_in()
    shopper.change_session(id_token=refused(shopper))
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.sees("You have not ordered anything yet.")


def test_an_order_whose_token_is_refused_is_sent_again_under_its_own_key(
    shopper: Shopper, shop: LiveSystem
) -> None:
    shopper.expects("401")
    shopper.put_in_basket(shop.product())
    shopper.sign_in()
    shopper.go_to_checkout()
    shopper.change_session(id_token=refused(shopper))
    posts: list[Request] = []
    shopper.page.on(
        "request", lambda each: posts.append(each) if each.url.endswith("/api/orders") else None
    )
    shopper.pay.click()
    shopper.reads_heading("Order confirmed")
    sent = [(each.headers["idempotency-key"], each.post_data) for each in posts]
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_a_sign_in_that_is_too_busy_to_renew_ends_no_session(shopper: Shopper) -> None:
    shopper.expects("429")
    shopper.visit("/")
    shopper.sign_in()
    shopper.change_session(expires_at=1)
    busy = {"error": "too_many_requests"}
    shopper.page.route(
        "**/oauth2/token", lambda route: route.fulfill(status=429, json=busy), times=1
    )
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.sees("You have not ordered anything yet.")


def test_signing_out_leaves_nothing_of_the_session(shopper: Shopper) -> None:
    shopper.visit("/basket")
    shopper.sign_in()
    shopper.sign_out()
    shopper.page.wait_for_url(re.compile(r":\d+/$"))
    assert shopper.stored("sessionStorage") == {}


def test_signing_out_needs_no_settings(shopper: Shopper) -> None:
    shopper.expects("503")
    shopper.visit("/orders")
    shopper.sign_in()
    shopper.sees("You have not ordered anything yet.")
    shopper.page.route("**/config.json", lambda route: route.fulfill(status=503))
    shopper.page.reload()
    shopper.page.get_by_role("button", name="Sign out").click()
    shopper.sees("Sign in to see your orders.")
    shopper.sees("You are signed out here, but")
    assert shopper.stored("sessionStorage") == {}


def test_a_return_from_the_login_that_nobody_asked_for_signs_nobody_in(shopper: Shopper) -> None:
    shopper.visit("/signed-in?code=stolen&state=forged")
    expect(shopper.page.get_by_text("This sign-in was not finished")).to_be_visible()
    expect(shopper.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_two_tabs_have_sessions_of_their_own(new_shopper: Callable[..., Shopper]) -> None:
    shopper = new_shopper()
    shopper.visit("/")
    shopper.sign_in()
    other = shopper.context.new_page()
    other.goto("/")
    expect(other.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def in_two_tabs(shopper: Shopper, email: str) -> Shopper:
    """Signs the shopper in, and who has the address in a second tab, which is at their orders."""
    shopper.visit("/")
    shopper.sign_in()
    other = shopper.second_tab()
    other.visit("/orders")
    other.sign_in(email)
    return other


def test_signing_out_of_one_tab_signs_the_same_customer_out_of_the_others(
    new_shopper: Callable[..., Shopper],
) -> None:
    shopper = new_shopper()
    other = in_two_tabs(shopper, shopper.email)
    other.sees("You have not ordered anything yet.")
    shopper.sign_out()
    other.sees("Sign in to see your orders.")
    expect(other.page.get_by_text("it has been a while")).to_have_count(0)
    assert other.stored("sessionStorage") == {}


def test_signing_out_of_one_tab_leaves_another_customer_signed_in(
    new_shopper: Callable[..., Shopper],
) -> None:
    shopper = new_shopper()
    other = in_two_tabs(shopper, "n" + shopper.email)
    shopper.sign_out()
    other.page.get_by_role("link", name="Basket").click()
    other.page.get_by_role("link", name="My orders").click()
    other.sees("You have not ordered anything yet.")


def refused(shopper: Shopper) -> str:
    """The customer's ID token with a signature that is not the sign-in's."""
    return shopper.session()["id_token"].rpartition(".")[0] + "." + "A" * 342
