"""The one exception that a user of the local cloud sees: a single line, printed without a traceback."""


class LocalError(Exception):
    """Something the user can act on; `str(error)` says what is wrong and what to do, usually in one line."""
