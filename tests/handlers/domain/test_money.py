import pytest

from handlers.domain.money import format_money


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


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (500, "JPY", "¥500"),
        (1500000, "KRW", "KRW 1,500,000"),
        (1234, "KWD", "KWD 1.234"),
        (7, "BHD", "BHD 0.007"),
        (12345, "CLF", "CLF 1.2345"),
    ],
)
def test_decimals_follow_iso_4217(amount: int, currency: str, text: str) -> None:
    assert format_money(amount, currency) == text
