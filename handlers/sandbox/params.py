"""Reading a request's parameters as strictly as Stripe does, and with its messages.

Checks come before the idempotency key is claimed: a malformed request leaves nothing behind.
"""

import re

from handlers.sandbox.api_error import ApiError
from handlers.sandbox.function_url import Request

_MAX_LENGTH = 5000
# A host name and nothing that a header or a content security policy would read as more than that.
_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!-~]*)?")
_METADATA_ENTRIES, _METADATA_NAME, _METADATA_VALUE = 50, 40, 500


def only(request: Request, *allowed: str) -> None:
    """Raises ApiError for the first parameter that this endpoint doesn't know.

    payment_method_types went with API version 2026-09-30, the SDK's own.
    """
    for name, value in request.params.items():
        top = name.split("[", 1)[0]
        if top == "payment_method_types":
            message = "Use allowed_payment_method_types in place of payment_method_types."
            raise ApiError(400, message, code=f"{top}_no_longer_supported", param=top)
        if top not in allowed:
            raise unknown(name)
        if len(value) > _MAX_LENGTH:
            message = f"Invalid string: {value[:20]}...; must be at most {_MAX_LENGTH} characters"
            raise ApiError(400, message, param=name)


def unknown(name: str) -> ApiError:
    """The error of a parameter that the endpoint doesn't know."""
    message = f"Received unknown parameter: {name[:100]}"
    return ApiError(400, message, code="parameter_unknown", param=name[:100])


def text(request: Request, name: str) -> str | None:
    """The parameter, None if it isn't there. Raises ApiError for an empty one."""
    value = request.params.get(name)
    if value == "":
        message = f"You passed an empty string for '{name}'."
        raise ApiError(400, message, code="parameter_invalid_empty", param=name)
    return value


def required(request: Request, name: str) -> str:
    """The parameter. Raises ApiError when it is missing or empty."""
    value = text(request, name)
    if value is None:
        message = f"Missing required param: {name}."
        raise ApiError(400, message, code="parameter_missing", param=name)
    return value


def amount(request: Request, name: str) -> int:
    """A required amount in minor units, 1 to 99,999,999."""
    return whole(request, name, 1, 99_999_999, "amount_too_large")


def optional_amount(request: Request, name: str) -> int | None:
    """An amount in minor units, None if the parameter isn't there."""
    return amount(request, name) if name in request.params else None


def whole(
    request: Request,
    name: str,
    least: int,
    largest: int,
    code: str = "parameter_invalid_integer",
) -> int:
    """A required integer from `least`, which is 0 or 1, to `largest`; `code` if it is more."""
    value = required(request, name)
    if not re.fullmatch(r"-?[0-9]+", value):
        message = f"Invalid integer: {value[:100]}"
        raise ApiError(400, message, code="parameter_invalid_integer", param=name)
    digits = value.lstrip("0") or "0"
    if digits.startswith("-") or (least and digits == "0"):
        message = f"This value must be greater than or equal to {least}."
        raise ApiError(400, message, code="parameter_invalid_integer", param=name)
    if len(digits) > len(str(largest)) or int(digits) > largest:
        message = f"This value must be less than or equal to {largest}."
        raise ApiError(400, message, code=code, param=name)
    return int(digits)


def flag(request: Request, name: str) -> bool:
    """`true` or `false`, which is the default."""
    value = request.params.get(name, "false")
    if value not in ("true", "false"):
        raise ApiError(400, f"Invalid boolean: {value[:100]}", param=name)
    return value == "true"


def choice(request: Request, name: str, *options: str) -> str | None:
    """One of `options`, None if the parameter isn't there."""
    value = text(request, name)
    if value is not None and value not in options:
        message = f"Invalid {name}: must be one of {', '.join(options)}"
        raise ApiError(400, message, param=name)
    return value


def web_address(request: Request, name: str) -> str | None:
    """An absolute URL of http or https, None if the parameter isn't there.

    Stripe takes the schemes of mobile applications too: not here, because a browser comes back to it.
    """
    value = text(request, name)
    if value is not None and not _WEB_ADDRESS.fullmatch(value):
        raise ApiError(400, "Not a valid URL", code="url_invalid", param=name)
    return value


def metadata(request: Request) -> dict[str, str]:
    """The `metadata[name]` parameters, within Stripe's limits."""
    found: dict[str, str] = {}
    for name, value in request.params.items():
        match = re.fullmatch(r"metadata\[(.*)\]", name, re.DOTALL)
        if match:
            found[match[1]] = value
    if len(found) > _METADATA_ENTRIES:
        raise ApiError(400, "You may only specify up to 50 metadata keys.", param="metadata")
    for name, value in found.items():
        if len(name) > _METADATA_NAME or len(value) > _METADATA_VALUE:
            message = "Metadata keys have at most 40 and metadata values at most 500 characters."
            raise ApiError(400, message, param="metadata")
    return found


def expanded(request: Request, *paths: str) -> set[str]:
    """Which of `paths` shall be expanded. Raises ApiError for any other expansion."""
    wanted = {value for name, value in request.params.items() if name.startswith("expand[")}
    for other in wanted - {*paths}:
        raise ApiError(400, f"This property cannot be expanded ({other[:100]}).")
    return wanted
