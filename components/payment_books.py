"""PaymentBooks: compares all payments with orders and ledgers, daily and when an event asks for one."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.function import FunctionDefaults
from components.grants import Grant
from components.options import child
from components.scheduled_function import ScheduledFunction, ScheduledFunctionArgs

_TIMEOUT = 600  # seconds; a call ends before the next one begins
_MAX_AGE = 6 * 3600  # seconds; for events, the most that Lambda keeps
_RETRIES = 2  # the most that Lambda makes


@dataclass(frozen=True, kw_only=True)
class PaymentBooksArgs:
    """`stack` is the name that the payment intents of this stack's orders carry.

    `read_payments` allows reading at the payment service, and nothing else there. `grants` are what the
    function needs of others: reading orders, writing ledger rows and causes, publishing events.
    """

    function_defaults: FunctionDefaults
    stack: str
    read_payments: Grant
    grants: Sequence[Grant]


class PaymentBooks(pulumi.ComponentResource):
    """A function that a schedule starts every 15 minutes, to begin a day's sweep or to go on with it.

    `dead_letters_url` is the queue of the calls that failed three times. What a call of the schedule
    left, the next one does; that of an event has the payment's id, and is made up for by the sweep.
    """

    dead_letters_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: PaymentBooksArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:PaymentBooks", name, {}, opts)
        scheduled = ScheduledFunction(
            name,
            ScheduledFunctionArgs(
                handler="handlers.events.compare_books.lambda_handler",
                function_defaults=args.function_defaults,
                group="payment",
                timeout=_TIMEOUT,
                rate="rate(15 minutes)",
                max_age=_MAX_AGE,
                retries=_RETRIES,
                grants=[*args.grants, args.read_payments, Grant(env={"STACK_NAME": args.stack})],
            ),
            opts=child(self),
        )
        self._function = scheduled.function
        self.dead_letters_url = scheduled.dead_letters_url
        self.register_outputs({"deadLettersUrl": self.dead_letters_url})

    def grant_check(self) -> Grant:
        """Have one payment compared, without waiting for the outcome."""
        return Grant(
            env={"BOOKS_FUNCTION_ARN": self._function.arn},
            statements=self._function.grant_invoke().statements,
        )
