"""What the sections of one benchmark share."""

from dataclasses import dataclass, field
from functools import cached_property

from bench.system import Cloud
from bench.usage import Usage
from bench.yardstick_stack import Yardstick


@dataclass
class Run:
    """The system, the yardstick beside it, and what one order of each uses (filled by `calls`).

    `first_up` is how many seconds it took to make the cloud.
    """

    cloud: Cloud
    port: int
    first_up: float
    usage: dict[str, Usage] = field(default_factory=dict)

    @cached_property
    def yardstick(self) -> Yardstick:
        """Made when it is first needed: until then the system is alone."""
        return Yardstick(self.cloud.aws)
