"""OrderReconciler: every minute, a run of the workflow for each order that is due."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.choices import ScheduleState
from components.function import FunctionDefaults
from components.grants import Grant
from components.options import child
from components.scheduled_function import ScheduledFunction, ScheduledFunctionArgs

_TIMEOUT = 58  # seconds; a call ends before the next one begins
_MAX_AGE = 60  # seconds; the next event does the same work


@dataclass(frozen=True, kw_only=True)
class OrderReconcilerArgs:
    """`schedule_state` DISABLED stops it: then only customers and operators start runs.

    An order that has been in one status for `attention_after_minutes`, or has `max_attempts` faults
    in it, is listed for operators. `grants` are what the function needs of others: taking orders
    that are due, starting runs, publishing events.
    """

    function_defaults: FunctionDefaults
    schedule_state: ScheduleState
    max_attempts: int
    attention_after_minutes: int
    grants: Sequence[Grant]


class OrderReconciler(pulumi.ComponentResource):
    """A schedule and the function that it starts.

    `dead_letters_url` is the queue of the calls that failed, and of the events that could not be
    delivered. Nothing has to be sent again: the next minute drives what is due.
    """

    dead_letters_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: OrderReconcilerArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:OrderReconciler", name, {}, opts)
        limits = Grant(
            env={
                "MAX_ATTEMPTS": str(args.max_attempts),
                "ATTENTION_AFTER_MINUTES": str(args.attention_after_minutes),
            }
        )
        scheduled = ScheduledFunction(
            name,
            ScheduledFunctionArgs(
                handler="handlers.events.reconcile_orders.lambda_handler",
                function_defaults=args.function_defaults,
                timeout=_TIMEOUT,
                rate="rate(1 minute)",
                schedule_state=args.schedule_state,
                max_age=_MAX_AGE,
                retries=0,
                grants=[*args.grants, limits],
            ),
            opts=child(self),
        )
        self.dead_letters_url = scheduled.dead_letters_url
        self.register_outputs({"deadLettersUrl": self.dead_letters_url})
