"""`python -m localcloud`: runs the Pulumi program in the working directory."""

import sys

from localcloud.commandline import CommandLine
from localcloud.project import Project


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    return CommandLine("python -m localcloud", Project()).run(argv)


if __name__ == "__main__":
    sys.exit(main())
