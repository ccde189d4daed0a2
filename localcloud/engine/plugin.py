"""What both plugins have in common: a gRPC server that prints its port, as the Pulumi CLI expects of a plugin."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc

from localcloud.errors import LocalError

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
THREADS = 32
LONGEST_CALL = 4.0  # seconds that a running call gets to finish


def serve(register: Callable[[grpc.Server], None]) -> None:
    """Serves what `register` adds until the CLI says that it is enough, or ends itself."""
    enough = threading.Event()
    # The CLI interrupts its plugins when it is done with them, and kills those that still run after five seconds.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: enough.set())
    server = grpc.server(ThreadPoolExecutor(THREADS), options=UNLIMITED)
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    print(port, flush=True)
    enough.wait()
    server.stop(LONGEST_CALL).wait()


def setting(name: str) -> str:
    """A variable that the command `pulumi` sets for its plugins. Raises LocalError if it is missing."""
    value = os.environ.get(name)
    if not value:
        raise LocalError(f"{name} is not set: start the CLI with the command `pulumi`")
    return value


def run(main: Callable[[], None]) -> None:
    """Runs a plugin; a LocalError is one line on standard error, which the CLI shows."""
    try:
        main()
    except LocalError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _end_with(parent: int) -> None:
    """Ends this process when the CLI was killed: nothing else would."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
