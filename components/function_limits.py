"""What Lambda takes of a function, said before it is asked for; `lambda_zip` has the limits of code.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import json
from collections.abc import Mapping

import pulumi

_TIMEOUT_SECONDS = range(1, 900 + 1)
_MEMORY_MB = range(128, 10_240 + 1)
_MAX_ENVIRONMENT_BYTES = 4096
_SHOWN = 3
_UNRESERVED = 100  # executions of an account that no function may reserve


class LimitError(pulumi.RunError):
    """Lambda would refuse the function; the message names it and says what to do."""


def check_settings(name: str, timeout: int, memory: int) -> None:
    """Raises LimitError unless Lambda takes this timeout (seconds) and this memory (MB)."""
    if timeout not in _TIMEOUT_SECONDS:
        raise LimitError(
            f"function {name}: its timeout is {timeout} s, and Lambda takes 1 to 900: change it, "
            "or make what takes longer several states of a workflow"
        )
    if memory not in _MEMORY_MB:
        raise LimitError(
            f"function {name}: its memory is {memory} MB, and Lambda takes 128 to 10240: change it"
        )


def check_environment(name: str, variables: Mapping[str, str]) -> None:
    """Raises LimitError unless Lambda takes these variables. The message has no values in it."""
    # Lambda measures the JSON object, not names and values alone; its refusal shows what it measured.
    size = _json_bytes(variables)
    if size > _MAX_ENVIRONMENT_BYTES:
        longest = sorted(variables, key=lambda key: _json_bytes(variables[key]), reverse=True)
        raise LimitError(
            f"function {name}: its environment has {size} bytes, and Lambda takes "
            f"{_MAX_ENVIRONMENT_BYTES}: keep long values in a table, a bucket or Parameter Store "
            f"and grant the function to read them (the longest: {', '.join(longest[:_SHOWN])})"
        )


def check_payment_concurrency(each: int, functions: int, account_limit: float) -> int:
    """Return `each` if Lambda lets an account of this limit reserve it for so many functions.

    Raises LimitError otherwise. What other functions of the account reserve is not known here.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    most = max(int(account_limit) - _UNRESERVED, 0)
    if each * functions > most:
        raise LimitError(
            f"paymentConcurrency: {each} for each of {functions} functions is {each * functions} in "
            f"all, and of this account's limit of {int(account_limit)} concurrent executions Lambda "
            f"reserves {most} at most: lower it to {most // functions}, or ask for a higher limit "
            "(Service Quotas, AWS Lambda, Concurrent executions)"
        )
    return each


def _json_bytes(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
