"""The bank's pages as HTML: without script, readable in light and dark and without a style sheet."""

import base64
import hashlib
from html import escape
from typing import Any
from urllib.parse import urlsplit

from handlers.sandbox import amounts
from handlers.sandbox.function_url import Response

_STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 0; padding: 1.5rem; }
main { max-width: 30rem; margin: 0 auto; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
form { display: grid; gap: 0.75rem; margin-top: 1.5rem; }
button { font: inherit; padding: 0.75rem 1rem; }
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
_QUESTION = """<p id="test">This is a test bank. No money moves.</p>
<dl>
<dt>Amount</dt><dd>{amount}</dd>
<dt>Payment</dt><dd>{id}</dd>{description}
</dl>
<form method="post" aria-label="Your decision" aria-describedby="test">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="refuse">Refuse</button>
<button name="decision" value="close">Close without deciding</button>
</form>"""
_SETTLED = {
    "requires_capture": "You have approved this payment.",
    "succeeded": "You have approved this payment.",
    "requires_payment_method": "This payment was refused.",
    "canceled": "The shop has cancelled this payment.",
}
_REFUSALS = {
    400: ("No decision", "Go back to the bank's page and choose one of its buttons."),
    404: ("No such payment", "The address of this page is wrong. Go back to the shop."),
    405: ("No such page", "Go back to the shop."),
}
_BUSY = ("The bank is busy", "Go back to the bank's page and try again.")


def question(intent: dict[str, Any], return_url: str | None) -> Response:
    """The page that asks the customer to decide."""
    description = intent["description"]
    content = _QUESTION.format(
        amount=escape(amounts.shown(intent["amount"], intent["currency"])),
        id=escape(intent["id"]),
        description=f"\n<dt>For</dt><dd>{escape(description)}</dd>" if description else "",
    )
    return _page(200, "Approve this payment?", content, return_url)


def settled(intent: dict[str, Any], back: str | None) -> Response:
    """The page of a payment that waits for no decision, with the way back to the shop."""
    text = _SETTLED.get(intent["status"], "There is nothing to decide about this payment now.")
    link = f'\n<p><a href="{escape(back)}">Back to the shop</a></p>' if back else ""
    return _page(200, "Nothing to decide", f"<p>{text}</p>{link}")


def refusal(status: int) -> Response:
    """The page that says why there is none."""
    title, text = _REFUSALS.get(status, _BUSY)
    return _page(status, title, f"<p>{text}</p>")


def redirect(to: str) -> Response:
    """The way back to the shop."""
    return Response(303, "", {"location": to, **_headers(None)})


def _page(status: int, title: str, content: str, return_url: str | None = None) -> Response:
    html = _PAGE.format(title=title, style=_STYLE, content=content)
    return Response(status, html, _headers(return_url))


def _headers(return_url: str | None) -> dict[str, str]:
    """`return_url` is where the answer to the page's form leads.

    Some browsers hold the redirect after a form to `form-action` too:
    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/form-action
    """
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    after_form = (
        urlsplit(return_url)._replace(path="", query="", fragment="").geturl() if return_url else ""
    )
    rules = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        f"form-action 'self' {after_form}".rstrip(),
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "cache-control": "no-store",
        "content-security-policy": "; ".join(rules),
        "content-type": "text/html; charset=utf-8",
        # Not "no-referrer", with which the form would come from the origin "null".
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
