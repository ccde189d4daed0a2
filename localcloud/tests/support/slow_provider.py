"""The provider of these tests: a queue is there long before its creation is answered.

`ENGINE_TEST_PAUSE` is how long, in seconds. So a test can end a run between what is made and what is noted.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from localcloud.engine import plugin, provider
from localcloud.provision import registry

QUEUE = "aws:sqs/queue:Queue"


def slow(create: Callable[..., str]) -> Callable[..., str]:
    def slowly(*arguments: Any) -> str:
        made = create(*arguments)
        time.sleep(float(os.environ.get("ENGINE_TEST_PAUSE", "0")))
        return made

    return slowly


if __name__ == "__main__":
    kind = registry.TYPES[QUEUE]
    registry.TYPES[QUEUE] = replace(kind, create=slow(kind.create))
    plugin.run(provider.main)
