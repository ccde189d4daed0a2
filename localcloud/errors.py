"""The one exception that a user of the local cloud sees: a single line, printed without a traceback."""

import traceback
from pathlib import Path


class LocalError(Exception):
    """Something the user can act on; `str(error)` says what is wrong and what to do, usually in one line."""


def program_error(error: BaseException, directory: Path) -> str:
    """What the program below `directory` says itself if the exception is its own (such as a settings error).

    Else what was raised and where.
    """
    module = type(error).__module__
    if module == "__main__" or (directory / f"{module.replace('.', '/')}.py").is_file():
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    places = [frame for frame in frames if Path(frame.filename).is_relative_to(directory)]
    place = (
        f" ({Path(places[-1].filename).relative_to(directory)}:{places[-1].lineno})"
        if places
        else ""
    )
    return f"the program failed: {type(error).__name__}: {' '.join(str(error).split())}{place}"
