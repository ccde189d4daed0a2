"""`order` against an API of canned answers; the real one is in tests/e2e."""

import json
from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest

from local.__main__ import main
from local.commands import order
from localcloud import web


class Api:
    """Answers like the orders API: the order moves on by one entry at each look."""

    def __init__(self, *ends: str, **ended: Any) -> None:
        self.steps = ["RECEIVED", "VALIDATED", *ends]
        self.decided: list[tuple[str, str]] = []
        self.ended = ended
        self.looks = 0
        self.placed: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def request(
        self, method: str, url: str, *, body: Any = None, form: Any = None, headers: Any = None
    ) -> web.Response:
        if url.startswith("http://sandbox"):
            self.decided.append((url, form["decision"]))
            return self._answer(303, {})
        path = url.removeprefix("http://shop")
        if method == "POST":
            self.placed, self.headers = body, headers
            return self._answer(202, {"orderId": "ORDER1", "status": "RECEIVED", "version": 1})
        if path == "/api/products":
            price = {"amount": 1999, "currency": "USD"}
            return self._answer(
                200,
                {
                    "products": [
                        {"productId": "gone", "name": "Gone", "price": price, "available": 0},
                        {"productId": "lamp", "name": "Lamp", "price": price, "available": 3},
                    ]
                },
            )
        if path.endswith("/receipt"):
            return self._answer(200, {"url": "http://receipt", "expiresAt": "later"})
        return self._answer(200, self._order())

    def _order(self) -> dict[str, Any]:
        self.looks = min(self.looks + 1, len(self.steps))
        steps = self.steps[: self.looks]
        timeline = [
            {"status": step, "at": f"2026-11-22T10:00:0{n}.000Z"} for n, step in enumerate(steps)
        ]
        order = {"status": steps[-1], "timeline": timeline, "receiptAvailable": True}
        if steps[-1] == "AWAITING_PAYMENT":
            order["action"] = {"clientSecret": "pi_1_secret_2", "approveBy": "2026-11-22T10:30:00Z"}
        return order | self.ended

    def _answer(self, status: int, document: Any) -> web.Response:
        return web.Response(status, Message(), json.dumps(document).encode())


@pytest.fixture
def place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    addresses = {"storefrontUrl": "http://shop", "paymentSandboxUrl": "http://sandbox"}
    monkeypatch.setattr(order.running, "outputs", lambda _: addresses)
    monkeypatch.setattr(order, "id_token", lambda _outputs, email: f"token-of-{email}")
    monkeypatch.setattr(order, "POLL_INTERVAL", 0)

    def call(api: Api, *argv: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(web, "request", api.request)
        code = main(["order", *argv])
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err

    return call


def test_order_follows_a_confirmed_order_to_its_receipt(place: Callable[..., Any]) -> None:
    api = Api("CONFIRMED")
    code, lines, err = place(api, "--quantity", "2", "--email", "a@example.com")
    assert (code, err) == (0, "")
    assert lines == [
        "a@example.com orders 2 x Lamp for $39.98",
        "order ORDER1",
        "  10:00:00.000  RECEIVED",
        "  10:00:01.000  VALIDATED",
        "  10:00:02.000  CONFIRMED",
        "CONFIRMED; receipt: http://receipt",
    ]
    assert api.placed == {
        "lines": [{"productId": "lamp", "quantity": 2}],
        "expectedTotal": {"amount": 3998, "currency": "USD"},
        "paymentMethod": "pm_card_visa",
    }
    assert api.headers["Authorization"] == "Bearer token-of-a@example.com"
    assert len(api.headers["Idempotency-Key"]) == 36


def test_order_ends_a_refused_order_with_one_line_and_its_reason(place: Callable[..., Any]) -> None:
    code, lines, err = place(Api("REJECTED", reason="OUT_OF_STOCK"), "--product", "gone")
    assert (code, err) == (1, "order: the order ended REJECTED (OUT_OF_STOCK)\n")
    assert lines[-1] == "  10:00:02.000  REJECTED"


def test_order_answers_the_bank_once_and_follows_the_order_on(place: Callable[..., Any]) -> None:
    api = Api("AWAITING_PAYMENT", "CONFIRMED")
    code, lines, err = place(api)
    assert (code, err) == (0, "")
    page = "http://sandbox/bank/pi_1?payment_intent_client_secret=pi_1_secret_2"
    assert api.decided == [(page, "approve")]
    assert lines[4:] == [
        "  10:00:02.000  AWAITING_PAYMENT",
        "  the bank asks for approval until 10:30 UTC: approve",
        "  10:00:03.000  CONFIRMED",
        "CONFIRMED; receipt: http://receipt",
    ]


def test_order_leaves_an_order_waiting_whose_customer_closes_the_banks_page(
    place: Callable[..., Any],
) -> None:
    api = Api("AWAITING_PAYMENT")
    code, _, err = place(api, "--bank", "close")
    assert code == 1
    assert err == "order: the order waits for approval; its page is http://shop/orders/ORDER1\n"
    assert [decision for _, decision in api.decided] == ["close"]


def test_order_names_the_products_when_there_is_no_such_one(place: Callable[..., Any]) -> None:
    _, _, err = place(Api("CONFIRMED"), "--product", "nothing")
    assert err == "order: there is no product 'nothing'; there are: gone, lamp\n"


def test_order_repeats_the_apis_own_words_when_it_refuses(
    place: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api("CONFIRMED")
    problem = {
        "title": "The request is not valid",
        "errors": [{"path": "/lines", "message": "too many"}],
    }
    refuse = api._answer(422, problem)
    real = api.request
    monkeypatch.setattr(
        api,
        "request",
        lambda method, url, **rest: refuse if method == "POST" else real(method, url, **rest),
    )
    _, _, err = place(api)
    assert err == "order: the API answered 422: The request is not valid: too many\n"
