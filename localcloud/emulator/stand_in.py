"""A module with some of its names replaced, for one of MiniStack's modules to use in the module's place."""

from types import ModuleType
from typing import Any


class StandIn:
    """`module`, but for the names that are given."""

    def __init__(self, module: ModuleType, **names: Any) -> None:
        self.__dict__ |= {"_module": module} | names

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)
