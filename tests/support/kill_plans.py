"""Ways in which a run of the workflow is killed: at which of its calls, before or after the call
took effect, how, and what happens meanwhile.

A call is anything that leaves the process. `TASK` kills the function (or the integration's call),
so Step Functions tries the state again; `ANSWER` loses the gateway's answer, and the function
lives; `RUN` ends the whole run, without Retry and Catch, as EXPRESS does at its time limit.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

import stripe
from botocore.exceptions import ClientError

from tests.support.interleaving_scheduler import Call, RunEnded


class Way(StrEnum):
    TASK = "TASK"
    ANSWER = "ANSWER"
    RUN = "RUN"


class Moment(StrEnum):
    BEFORE = "BEFORE"
    AFTER = "AFTER"


@dataclass
class KillPlan:
    """Kills the calls of these numbers (from 0). `meanwhile` happens once, at the first kill."""

    kills: dict[int, Moment]
    way: Way = Way.TASK
    meanwhile: Callable[[], object] | None = None
    killed: list[str] = field(default_factory=list)

    @contextmanager
    def around(self, number: int, call: Call) -> Iterator[None]:
        moment = self.kills.get(number)
        if moment is Moment.BEFORE:
            self._die(call)
        yield
        if moment is Moment.AFTER:
            self._die(call)

    def _die(self, call: Call) -> None:
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        self.killed.append(f"{call.state} {call.name}")
        if self.way is Way.RUN:
            raise RunEnded
        if self.way is Way.ANSWER and at_the_gateway(call):
            raise stripe.APIConnectionError("lost", should_retry=False)
        raise ClientError({"Error": {"Code": "Killed", "Message": ""}}, call.name)


_LATER = 5  # the calls after the first killed one among which the second one is
_ONE_IN = 30  # of the plans with two kills, unless all of them are asked for


def plans(calls: Sequence[Call], every: bool) -> Iterator[KillPlan]:
    """Return the plans for a run that makes these calls when it is left alone.

    Each call is killed, alone and with one near it, which is the same call on the next try or what
    follows it; of the pairs one in thirty, always the same ones, or `every` one.
    """
    chance = random.Random(len(calls))
    for way, first, moment in product(Way, range(len(calls)), Moment):
        if way is Way.ANSWER and not at_the_gateway(calls[first]):
            continue
        if way is Way.RUN and moment is Moment.BEFORE and not every:
            continue  # much as after the call before it
        yield KillPlan({first: moment}, way)
        later = () if way is Way.RUN else range(first + 1, first + 1 + _LATER)
        for second, again in product(later, Moment):
            if every or chance.randrange(_ONE_IN) == 0:
                yield KillPlan({first: moment, second: again}, way)


def at_the_gateway(call: Call) -> bool:
    return call.name.startswith(("POST", "GET"))
