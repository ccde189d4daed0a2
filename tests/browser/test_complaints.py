"""The watch that every test here keeps would notice: a browser that complains fails a test."""

import pytest

from tests.support.browser.shopper import Shopper

PROVOCATIONS = {
    "an inline script": "document.body.append(document.createElement('script').textContent = 'x')",
    "text that becomes HTML": "document.body.innerHTML = '<p>'",
    "an inline style": "document.body.setAttribute('style', 'color: red')",
    "a foreign picture": "new Image().src = 'https://elsewhere.example/pixel.png'",
    "a foreign address": "fetch('https://elsewhere.example/')",
    "a frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: '/'}))",
    "an exception": "setTimeout(() => { throw new Error('provoked') })",
    "a warning": "console.warn('provoked')",
    "a missing file": "fetch('/nope.js')",
}


@pytest.mark.parametrize("provoked", PROVOCATIONS)
def test_a_violation_of_the_policy_an_error_and_a_warning_are_all_complaints(
    shopper: Shopper, provoked: str
) -> None:
    shopper.visit("/")
    shopper.page.evaluate(
        f"async () => {{ try {{ await ({PROVOCATIONS[provoked]}) }} catch {{}} }}"
    )
    shopper.page.wait_for_timeout(200)
    assert shopper.complaints()
    shopper.expects(".")
