"""What the emulator and its functions' processes hold in memory, and the processor time that it uses."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.yardstick_stack import NAME
from localcloud.emulator import process


class Sizes:
    """Resident bytes of a process group; pages that processes share count in each of them."""

    def __init__(self, table: str, leader: int):
        """From the lines of `ps` with the group, the size in KB and the command."""
        self.ours = self.yardstick = 0
        for line in table.splitlines():
            group, size, command = line.split(None, 2)
            if int(group) != leader:
                continue
            if f"ministack-lambda-{NAME}-" in command:
                self.yardstick += 1024 * int(size)
            else:
                self.ours += 1024 * int(size)


@contextmanager
def resident(state_dir: Path) -> Iterator[list[Sizes]]:
    """The sizes meanwhile, four times a second."""
    leader, over, sizes = _emulator(state_dir), threading.Event(), list[Sizes]()

    def sample() -> None:
        while True:
            sizes.append(Sizes(_ps("-A", "-o", "pgid=,rss=,args="), leader))
            if over.wait(0.25):
                return

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield sizes
    finally:
        over.set()
        thread.join()


def cpu_seconds(state_dir: Path) -> float:
    """The processor time that the emulator has used so far, without its functions' processes."""
    return seconds(_ps("-o", "time=", "-p", str(_emulator(state_dir))))


def seconds(text: str) -> float:
    """From what `ps` prints: `1-02:03:04`, `02:03:04` or `3:04.56`."""
    days, _, clock = text.strip().rpartition("-")
    total = 0.0
    for part in clock.split(":"):
        total = 60 * total + float(part)
    return total + 86400 * int(days or 0)


def _emulator(state_dir: Path) -> int:
    found = process.find(state_dir)
    if found is None:
        raise RuntimeError("the local cloud is gone")
    return found.pid


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=True).stdout
