"""One effect per idempotency key: claimed before anything is done, answered with the effect.

While the first request runs, others with its key get 409; afterwards its answer, stored 500s
included, is replayed. https://docs.stripe.com/api/idempotent_requests
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.adapters.items import Item
from handlers.runtime.observability import logger
from handlers.runtime.settings import SandboxSettings, load
from handlers.sandbox import event_queue, table
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.events import Event
from handlers.sandbox.function_url import Request, Response

_TRIES = 4
_LONGEST_KEY = 255
UNKNOWN_ERROR = {"error": {"message": "An unknown error occurred", "type": "api_error"}}


@dataclass(frozen=True)
class Change:
    """What a request comes to: the writes that make it true, the answer to its client, the events."""

    content: dict[str, Any]
    writes: list[Item]
    status: int = 200
    events: Sequence[Event] = ()


Effect = Callable[[], Change]
"""Reads what is there and decides. Asked again when a write was refused. Raises ApiError."""


def run(request: Request, effect: Effect) -> Response:
    """The effect's answer, committed once for the request's key."""
    key = request.idempotency_key
    if len(key) > _LONGEST_KEY:
        raise ApiError(400, f"Idempotency keys have at most {_LONGEST_KEY} characters.")
    earlier = table.claim(key, _hash(request), request.id) if key else None
    if earlier is not None:
        return _earlier(request, earlier)
    try:
        response = _commit(request, effect)
    except ApiError:
        raise
    except Exception:
        logger.exception("request failed", path=request.path)
        response = _failed(request)
    named = {"idempotency-key": key} if key else {}
    return replace(response, headers=response.headers | named | {"original-request": request.id})


def _earlier(request: Request, item: Item) -> Response:
    """The answer to a key that somebody has claimed before."""
    key = request.idempotency_key
    if item["requestHash"] != _hash(request):
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )
        raise ApiError(400, message, type="idempotency_error")
    if "httpStatus" not in item:
        raise _in_use(key)
    headers = {
        "idempotency-key": key,
        "idempotent-replayed": "true",
        "original-request": item["requestId"],
        "stripe-should-retry": "false",
    }
    return Response(item["httpStatus"], item["body"], headers)


def _commit(request: Request, effect: Effect) -> Response:
    key = request.idempotency_key
    for attempt in range(_TRIES):
        try:
            change = effect()
        except ApiError as error:
            change = Change(error.content(), [], error.status)
        if attempt == 0:
            _pause()
        response = Response.of(change.status, change.content, stripe_should_retry="false")
        stored = [table.answer(key, request.id, response.status, response.body)] if key else []
        refused = table.commit([*change.writes, *stored])
        if not refused:
            event_queue.send(change.events, request)
            return response
        if len(change.writes) in refused:
            raise _in_use(key)
    if key:
        table.abandon(key, request.id)
    message = (
        "This object cannot be accessed right now because another API request or Stripe process "
        "is currently accessing it."
    )
    raise ApiError(429, message, code="lock_timeout", passing=True)


def _failed(request: Request) -> Response:
    """A fault, stored under the key unless the effect was committed after all."""
    failed = Response.of(500, UNKNOWN_ERROR, stripe_should_retry="false")
    if request.idempotency_key:
        try:
            key = request.idempotency_key
            table.commit([table.answer(key, request.id, failed.status, failed.body)])
        except Exception:
            logger.exception("failure not stored", path=request.path)
    return failed


def _in_use(key: str) -> ApiError:
    message = (
        "There is currently another in-progress request using this Idempotent Key (that probably "
        "means you submitted twice, and the other request is still going through): "
        f"{key}. Please try again later."
    )
    return ApiError(409, message, code="idempotency_key_in_use", passing=True)


def _hash(request: Request) -> str:
    whole = json.dumps([request.method, request.path, sorted(request.params.items())])
    return hashlib.sha256(whole.encode()).hexdigest()


def _pause() -> None:
    """Between what was read and what is written, where overlapping requests would do harm."""
    time.sleep(int(load(SandboxSettings).sandbox_delay_ms) / 1000)
