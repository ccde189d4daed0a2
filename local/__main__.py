"""`python -m local`: the commands of the local cloud, and the shop's own."""

import argparse
import sys

from local.settings import SHOP
from localcloud.commandline import CommandLine

UNITS = {"s": 1, "m": 60, "h": 3600}


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    return _command_line().run(argv)


def _command_line() -> CommandLine:
    line, package = CommandLine("python -m local", SHOP), "local.commands"
    order = line.add("order", "place an order and follow it to its end", f"{package}.order")
    _add_order_arguments(order)
    token = line.add("token", "sign a customer in and print the ID token", f"{package}.sign_in")
    token.add_argument("email", help="created if need be; its password is set to a fixed one")
    mail = line.add("mail", "print the mail that was sent", f"{package}.mail")
    mail.add_argument("--to", metavar="EMAIL", help="only mail to this address")
    mail.add_argument("--html", action="store_true", help="the HTML part instead of the text")
    line.add(
        "due", "list the orders that are still to be done, oldest look first", f"{package}.due"
    )
    logs = line.add("logs", "print what the functions logged", f"{package}.logs")
    logs.add_argument("function", nargs="?", help="part of a function's name (default: all)")
    logs.add_argument("--since", type=_duration, default="10m", help="how far back: 90s, 10m, 2h")
    text = "print the state machine's definition as JSON"
    line.add("definition", text, f"{package}.definition")
    return line


def _add_order_arguments(order: argparse.ArgumentParser) -> None:
    shown = " (default: %(default)s)"
    order.add_argument("--product", metavar="ID", help="a product (default: the first in stock)")
    order.add_argument(
        "--quantity", type=_quantity, default=1, metavar="N", help=f"how many{shown}"
    )
    order.add_argument(
        "--card", default="pm_card_visa", metavar="TOKEN", help=f"a test card{shown}"
    )
    order.add_argument(
        "--bank",
        choices=("approve", "refuse", "close"),
        default="approve",
        help=f"what the customer answers a bank that asks for approval{shown}",
    )
    order.add_argument("--email", default="customer@example.com", help=f"who orders{shown}")


def _quantity(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1")
    return int(text)


def _duration(text: str) -> int:
    """Seconds from an argument such as `90s`, `10m` or `2h`."""
    if not text[:-1].isdecimal() or text[-1] not in UNITS:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time such as 90s, 10m or 2h")
    return int(text[:-1]) * UNITS[text[-1]]


if __name__ == "__main__":
    sys.exit(main())
