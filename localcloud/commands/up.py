"""`up`: brings the cloud in line with the program and says what to do next."""

import argparse
import time
from collections import Counter

from localcloud import settings
from localcloud.instance import cloud
from localcloud.provision.provisioner import Event


def up(arguments: argparse.Namespace) -> int:
    """Runs the program and shows each change; ends with what to do next."""
    started = time.monotonic()
    counts: Counter[str] = Counter()

    def show(event: Event) -> None:
        counts[event.action] += 1
        if event.action != "unchanged":
            changed = (
                f" ({', '.join(event.changed)})"
                if event.action in ("updated", "replaced") and event.changed
                else ""
            )
            print(
                f"  {event.action:<9} {event.type.rpartition(':')[2]} {event.name}{changed}",
                flush=True,
            )

    port = settings.port()
    outputs = cloud.up(
        arguments.stack,
        state_dir=settings.state_dir(),
        port=port,
        directory=arguments.project.directory,
        config=arguments.project.config(port, arguments.stack),
        on_event=show,
        on_notice=lambda notice: print(notice, flush=True),
    )
    order = ("created", "updated", "replaced", "deleted", "unchanged")
    summary = ", ".join(f"{counts[action]} {action}" for action in order if counts[action])
    print(f"{summary or 'nothing declared'} in {time.monotonic() - started:.1f} s")
    print(
        f"\nThe local cloud is running in the background; all addresses are in {settings.state_dir()}/outputs.json"
    )
    for line in arguments.project.hints(outputs):
        print(line)
    return 0
