import pytest

from handlers.domain.money import CURRENCIES, fault_of_total, format_money

# https://docs.stripe.com/currencies#zero-decimal
WHOLE_AT_STRIPE = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
# Counted in other units than they are priced in, or not to the last digit.
SPECIAL_AT_STRIPE = "ISK UGX BHD JOD KWD OMR TND"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1999, "USD", "$19.99"),
        (123450, "EUR", "€1,234.50"),
        (5, "GBP", "£0.05"),
        (0, "USD", "$0.00"),
        (-1999, "USD", "-$19.99"),
        (123456789012, "USD", "$1,234,567,890.12"),
        (1999, "CHF", "CHF 19.99"),
    ],
)
def test_minor_units_become_what_people_read(amount: int, currency: str, text: str) -> None:
    assert format_money(amount, currency) == text


@pytest.mark.parametrize("currency", CURRENCIES)
def test_what_is_shown_is_what_stripe_charges_for_the_same_number(currency: str) -> None:
    shown = format_money(250_000, currency).removeprefix("$").lstrip("€£¥")
    charged = "250,000" if currency in WHOLE_AT_STRIPE else "2,500.00"
    assert shown.split()[-1] == charged


def test_no_currency_is_taken_that_stripe_counts_otherwise() -> None:
    assert [code for code in CURRENCIES if code in SPECIAL_AT_STRIPE] == []


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_total_can_be_paid_from_the_least_to_the_most_and_no_other(currency: str) -> None:
    least, most = CURRENCIES[currency]["least"], CURRENCIES[currency]["most"]
    for amount in (least, most):
        assert fault_of_total({"amount": amount, "currency": currency}) is None
    for amount, limit in ((0, least), (least - 1, least), (most + 1, most)):
        fault = fault_of_total({"amount": amount, "currency": currency})
        assert fault
        assert fault.endswith(format_money(limit, currency))


@pytest.mark.parametrize("currency", ["KWD", "ISK", "UGX", "MGA", "usd", ""])
def test_no_total_can_be_paid_in_a_currency_outside_the_table(currency: str) -> None:
    assert fault_of_total({"amount": 5000, "currency": currency})
