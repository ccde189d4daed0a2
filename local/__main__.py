"""`python -m local`: the commands of the local cloud. An error that the user can act on is one line and exit code 1."""

import argparse
import importlib
import os
import sys
from typing import Any

from local.errors import LocalError

UNITS = {"s": 1, "m": 60, "h": 3600}


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    given = sys.argv[1:] if argv is None else argv
    # Whatever follows `pulumi` is the CLI's.
    own, rest = (given[:1], given[1:]) if given[:1] == ["pulumi"] else (given, [])
    arguments = _parser().parse_args(own, argparse.Namespace(rest=rest))
    try:
        # Imported when asked for: `up` needs Pulumi and takes a second to load, the others are quick.
        module = importlib.import_module(f"local.commands.{arguments.module}")
        return getattr(module, arguments.command)(arguments)
    except LocalError as error:
        print(f"{arguments.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{arguments.command}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="Run the whole system on this machine. LOCAL_PORT (4566) and LOCAL_STATE_DIR (.local) say where.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = _command(commands, "up", "start it, or bring it in line with the program", "up")
    up.add_argument("--stack", default="dev", help="the stack whose config is used (default: dev)")
    preview = _command(
        commands, "preview", "show what a stack is made of, or what changes", "preview"
    )
    preview.add_argument("--stack", default="dev", help="the stack (default: dev)")
    preview.add_argument(
        "--base", metavar="REF", help="compare with this git ref, instead of showing everything"
    )
    preview.add_argument(
        "--markdown", action="store_true", help="for a pull request, instead of a terminal"
    )
    _command(
        commands,
        "pulumi",
        "run Pulumi's own engine on an emulator of its own: up, preview, …",
        "pulumi",
    )
    _command(commands, "down", "stop it and forget its data", "state")
    _command(commands, "outputs", "print the stack's outputs as JSON", "state")
    order = _command(commands, "order", "place an order and follow it to its end", "order")
    _add_order_arguments(order)
    token = _command(commands, "token", "sign a customer in and print the ID token", "sign_in")
    token.add_argument("email", help="created if need be; its password is set to a fixed one")
    mail = _command(commands, "mail", "print the mail that was sent", "mail")
    mail.add_argument("--to", metavar="EMAIL", help="only mail to this address")
    mail.add_argument("--html", action="store_true", help="the HTML part instead of the text")
    logs = _command(commands, "logs", "print what the functions logged", "logs")
    logs.add_argument("function", nargs="?", help="part of a function's name (default: all)")
    logs.add_argument("--since", type=_duration, default="10m", help="how far back: 90s, 10m, 2h")
    return parser


def _add_order_arguments(order: argparse.ArgumentParser) -> None:
    shown = " (default: %(default)s)"
    order.add_argument("--product", metavar="ID", help="a product (default: the first in stock)")
    order.add_argument(
        "--quantity", type=_quantity, default=1, metavar="N", help=f"how many{shown}"
    )
    order.add_argument(
        "--card", default="pm_card_visa", metavar="TOKEN", help=f"a test card{shown}"
    )
    order.add_argument("--email", default="customer@example.com", help=f"who orders{shown}")


def _command(commands: Any, name: str, text: str, module: str) -> argparse.ArgumentParser:
    """A subparser; the command is the function `name` in `local.commands.<module>`."""
    parser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    parser.set_defaults(module=module)
    return parser


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
