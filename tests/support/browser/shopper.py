"""Somebody in front of the storefront, who sees and does only what the page offers."""

import copy
import json
import re
import uuid
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

PATIENCE = 15_000  # milliseconds; only a broken shop, or a very busy machine, needs them
expect.set_options(timeout=PATIENCE)
_SESSION = "orders.session"


class Shopper:
    """One customer in a browser profile of their own; `page` is their first tab."""

    def __init__(self, context: BrowserContext):
        self.context = context
        self.email = f"b{uuid.uuid4().hex[:12]}@example.com"
        self.called: list[str] = []
        self._complaints: list[str] = []
        self._expected: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("page", self._listen)
        context.on("request", lambda request: self.called.append(request.url))
        self.page = context.new_page()

    def second_tab(self) -> "Shopper":
        """The same customer and browser; what its page complains of is among the first tab's."""
        other = copy.copy(self)
        other.page = self.context.new_page()
        return other

    def complaints(self) -> list[str]:
        """What the browser reported: errors, warnings, violations of the content security policy."""
        return [
            each
            for each in self._complaints
            if not any(re.search(pattern, each) for pattern in self._expected)
        ]

    def expects(self, pattern: str) -> None:
        """The test provokes complaints that match."""
        self._expected.append(pattern)

    def starts_over(self) -> None:
        """An empty basket and a usual window, in the session as it is; nothing to complain of."""
        self.page.unroute_all(behavior="ignoreErrors")
        self.context.unroute_all(behavior="ignoreErrors")
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.page.emulate_media(
            color_scheme="light", reduced_motion="no-preference", media="screen"
        )
        self.visit("/")
        self.page.evaluate("localStorage.clear()")
        self._complaints.clear()
        self._expected.clear()

    def visit(self, path: str) -> None:
        self.page.goto(path)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Waits until the text is there."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def reads_heading(self, text: str | re.Pattern[str]) -> None:
        """Waits until the page of this name is there."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button of the page's own, not of its header."""
        return self.page.get_by_role("main").get_by_role("button", name=name)

    def put_in_basket(self, product_id: str, quantity: int = 1) -> None:
        self.visit(f"/products/{product_id}")
        self.page.get_by_role("spinbutton").fill(str(quantity))
        self.button("Add to basket").click()
        expect(self.page.get_by_role("link", name=re.compile("Basket"))).to_contain_text(
            re.compile(r"[1-9]")
        )

    def sign_in(self, email: str | None = None) -> None:
        """Through the hosted login, from whatever page the shopper is on."""
        self.page.get_by_role("main").or_(self.page.get_by_role("banner")).get_by_role(
            "button", name="Sign in", exact=True
        ).first.click()
        self.page.get_by_label("E-mail address").fill(email or self.email)
        self.page.get_by_role("button", name="Continue").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        # The header says it already on the page that the login returns to, which then leads on.
        expect(self.page).not_to_have_url(re.compile("/signed-in"))

    def sign_out(self) -> None:
        """By way of the hosted login, which returns to the start page."""
        # Until then the page that is left may offer a sign-in of its own.
        with self.page.expect_event("load"):
            self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("button", name="Sign in")).to_be_visible()

    def go_to_checkout(self) -> None:
        """By way of the basket, signed in."""
        self.page.get_by_role("banner").get_by_role("link", name=re.compile("Basket")).click()
        self.page.get_by_role("link", name="Go to checkout").click()
        expect(self.pay).to_be_visible()

    @property
    def pay(self) -> Locator:
        """The one button that orders."""
        return self.button(re.compile("^Pay"))

    def order_id(self) -> str:
        """The id of the order on the tracking page, once the shopper is there."""
        self.page.wait_for_url(re.compile(r"/orders/[A-Z2-7]{26}$"))
        return self.page.url.rpartition("/")[2]

    def comes_back_later(self, path: str) -> None:
        """Opens a page when what the browser's cache holds is too old to be used."""
        self.context.new_cdp_session(self.page).send("Network.clearBrowserCache")
        self.visit(path)

    def stored(self, where: str) -> dict[str, Any]:
        """All of `localStorage` or `sessionStorage` of the page's origin."""
        return self.page.evaluate(f"() => ({{ ...{where} }})")

    def session(self) -> dict[str, Any]:
        """What the tab keeps of a signed-in customer, tokens and all."""
        return json.loads(self.stored("sessionStorage")[_SESSION])

    def change_session(self, **changed: object) -> None:
        """Sets fields of the kept session, as time or the user pool would."""
        text = json.dumps(self.session() | changed)
        write = "([key, text]) => sessionStorage.setItem(key, text)"
        self.page.evaluate(write, [_SESSION, text])

    def _listen(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self._complaints.append(f"uncaught: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(f"{message.type}: {message.text} ({message.location['url']})")
