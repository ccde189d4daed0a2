"""The customer at the bank's page, without a browser."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import requests
from stripe import PaymentIntent

ASKING = "pm_card_authenticationRequired"
Confirm = Callable[..., PaymentIntent]


def bank(intent: PaymentIntent) -> str:
    """The URL of the bank's page."""
    assert intent.next_action
    action = intent.next_action
    if action.type == "redirect_to_url":
        return str(action.redirect_to_url and action.redirect_to_url.url)
    return str(action.use_stripe_sdk and action.use_stripe_sdk["stripe_js"])


def decide(intent: PaymentIntent, decision: str) -> requests.Response:
    """The answer to the page's form; a redirect is not followed."""
    return requests.post(
        bank(intent), data={"decision": decision}, allow_redirects=False, timeout=5
    )


def way_back(answer: requests.Response) -> tuple[str, dict[str, str]]:
    """Where a redirect leads, without and with the parameters."""
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["location"])
    query = {name: value for name, [value] in parse_qs(parts.query).items()}
    return parts._replace(query="").geturl(), query
