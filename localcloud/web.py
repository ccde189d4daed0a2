"""Plain HTTP requests that follow no redirect and raise for no status; LocalError if nobody answers."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

from localcloud.errors import LocalError

TIMEOUT = 30  # seconds


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        """The body as JSON; LocalError if it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise LocalError(
                f"unexpected answer ({self.status}): {self.body[:200].decode(errors='replace')}"
            ) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


# No proxy either: everything is on this machine.
_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def request(
    method: str,
    url: str,
    *,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Response:
    """Sends a JSON body, a form, or nothing."""
    content, sent = None, dict(headers or {})
    if form is not None:
        content = urllib.parse.urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        content = json.dumps(body).encode()
        sent["Content-Type"] = "application/json"
    prepared = urllib.request.Request(url, data=content, headers=sent, method=method)
    try:
        with _OPENER.open(prepared, timeout=timeout) as answer:
            return Response(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Response(error.code, error.headers, error.read())
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise LocalError(f"the local cloud does not answer ({reason}): run `up` again") from None
