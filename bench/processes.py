"""What the emulator and its functions' processes hold in memory, and the processor time that they use."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.yardstick_stack import NAME
from localcloud.emulator import process

_YARDSTICK = f"ministack-lambda-{NAME}-"


class Sizes:
    """Resident bytes of a process group; pages that processes share count in each of them."""

    def __init__(self, table: str, leader: int):
        """From the lines of `ps` with the group, the size in KB and the command."""
        self.ours = self.yardstick = 0
        for line in table.splitlines():
            group, size, command = line.split(None, 2)
            if int(group) != leader:
                continue
            if _YARDSTICK in command:
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


@dataclass(frozen=True)
class Used:
    """Seconds of processor time: the emulator's, and that of all processes without the yardstick's."""

    emulator: float
    processes: float

    def since(self, before: "Used") -> "Used":
        return Used(self.emulator - before.emulator, self.processes - before.processes)


def used(state_dir: Path) -> Used:
    """The processor time so far of the processes that are there now."""
    leader = _emulator(state_dir)
    times: dict[int, float] = {}
    for line in _ps("-A", "-o", "pgid=,pid=,time=,args=").splitlines():
        group, process_id, time, command = line.split(None, 3)
        if int(group) == leader and _YARDSTICK not in command:
            times[int(process_id)] = _exact(int(process_id)) or seconds(time)
    return Used(times[leader], sum(times.values()))


def _exact(process_id: int) -> float:
    """The same from Linux's /proc, whose `ps` knows whole seconds alone; 0 elsewhere.

    https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    try:
        text = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


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
