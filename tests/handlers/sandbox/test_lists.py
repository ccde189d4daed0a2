"""Lists: every object once, newest first, page by page, and of the time that is asked for."""

from typing import Any

import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox import ids
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import RETURN_URL, SandboxServer, event_of

SECOND = 1_000_000_000  # nanoseconds
START = 1_800_000_000  # seconds


class Clock:
    """The time that ids are made at."""

    def __init__(self) -> None:
        self.second = START

    def __call__(self) -> int:
        return self.second * SECOND


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ids.time, "time_ns", clock)
    return clock


def captured(api: StripeClient) -> PaymentIntent:
    return api.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )


def disputed(api: StripeClient) -> str:
    form = f"payment_intent={captured(api).id}"
    assert lambda_handler(event_of("POST", "/sandbox/disputes", form), None)["statusCode"] == 200
    return api.v1.disputes.list({"limit": 1}).data[0].id


def refunded(api: StripeClient) -> str:
    return api.v1.refunds.create({"payment_intent": captured(api).id}).id


def created(api: StripeClient) -> str:
    return api.v1.payment_intents.create({"amount": 1000, "currency": "usd"}).id


KINDS = [("payment_intents", created), ("refunds", refunded), ("disputes", disputed)]


@pytest.mark.parametrize(("kind", "make"), KINDS)
def test_every_object_is_listed_once_newest_first(
    api: StripeClient, clock: Clock, kind: str, make: Any
) -> None:
    made = []
    for _ in range(5):
        made.append(make(api))
        clock.second += 1
    listed: Any = getattr(api.v1, kind)
    page = listed.list({"limit": 2})
    assert ([each.id for each in page.data], page.has_more) == (made[:2:-1], True)
    assert [each.id for each in page.auto_paging_iter()] == made[::-1]
    last = listed.list({"limit": 2, "starting_after": made[1]})
    assert ([each.id for each in last.data], last.has_more) == ([made[0]], False)


@pytest.mark.parametrize(("kind", "make"), KINDS)
@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"gte": START + 1}, [2, 1]),
        ({"gt": START + 1}, [2]),
        ({"lt": START + 1}, [0]),
        ({"lte": START + 1}, [1, 0]),
        ({"gte": START + 1, "lt": START + 2}, [1]),
        ({"gte": START + 2, "lt": START + 1}, []),
        ({"lt": 0}, []),
        ({"gt": 99_999_999_999}, []),
        ({"lte": 99_999_999_999}, [2, 1, 0]),
        (START + 1, [1]),
    ],
)
def test_a_list_is_of_the_time_that_is_asked_for(
    api: StripeClient, clock: Clock, kind: str, make: Any, when: Any, found: list[int]
) -> None:
    made = []
    for _ in range(3):
        made.append(make(api))
        clock.second += 1
    listed: Any = getattr(api.v1, kind)
    pages = listed.list({"created": when, "limit": 1})
    seen = [each.id for each in pages.auto_paging_iter()]
    assert seen == [made[number] for number in found]


def test_an_objects_time_is_the_one_that_it_is_listed_by(api: StripeClient, clock: Clock) -> None:
    clock.second += 7
    refund = api.v1.refunds.retrieve(refunded(api))
    dispute = api.v1.disputes.retrieve(disputed(api))
    intent = api.v1.payment_intents.retrieve(created(api))
    assert {refund.created, dispute.created, intent.created} == {clock.second}


def test_the_refunds_of_one_intent_have_pages_too(api: StripeClient) -> None:
    intent = captured(api)
    refunded(api)
    made = [
        api.v1.refunds.create({"payment_intent": intent.id, "amount": amount}).id
        for amount in (100, 200, 300)
    ]
    page = api.v1.refunds.list({"payment_intent": intent.id, "limit": 2})
    assert ([each.id for each in page.data], page.has_more) == (made[:0:-1], True)
    assert [each.id for each in page.auto_paging_iter()] == made[::-1]


def test_several_refunds_of_an_intent_are_each_listed_once(api: StripeClient) -> None:
    made = []
    for intent in (captured(api), captured(api)):
        for amount in (100, 200):
            refund = api.v1.refunds.create({"payment_intent": intent.id, "amount": amount})
            made.append(refund.id)
    for limit in (1, 2, 3, 4):
        page = api.v1.refunds.list({"limit": limit})
        assert len(page.data) == limit
        assert [each.id for each in page.auto_paging_iter()] == made[::-1]


def test_a_dispute_is_found_by_its_intent(api: StripeClient) -> None:
    id = disputed(api)
    other = captured(api)
    intent = str(api.v1.disputes.retrieve(id).payment_intent)
    assert [each.id for each in api.v1.disputes.list({"payment_intent": intent}).data] == [id]
    assert api.v1.disputes.list({"payment_intent": other.id}).data == []


@pytest.mark.parametrize("path", ["payment_intents", "refunds", "disputes"])
@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "starting_after=",
        "starting_after=missing_1",
        "created=yesterday",
        "created[gte]=-1",
        "created[around]=1",
        "ending_before=pi_1",
    ],
)
def test_a_page_that_cannot_be_is_refused(sandbox: SandboxServer, path: str, query: str) -> None:
    assert lambda_handler(event_of("GET", f"/v1/{path}?{query}"), None)["statusCode"] == 400


@pytest.mark.parametrize("kind", ["refunds", "disputes"])
def test_an_unknown_object_is_404(api: StripeClient, kind: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        getattr(api.v1, kind).retrieve("re_missing")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
