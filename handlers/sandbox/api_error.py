"""A refused request, in the shape and the words of Stripe. https://docs.stripe.com/api/errors"""

from typing import Any


class ApiError(Exception):
    """HTTP `status` and the members of `error` in the body; members that are None are left out.

    `passing`: the same request may succeed a moment later, so it isn't stored under its key.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        passing: bool = False,
        **members: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.passing = passing
        self._members = {"message": message, "type": type, **members}

    def content(self) -> dict[str, Any]:
        """The body of the answer."""
        members = {name: value for name, value in self._members.items() if value is not None}
        if "code" in members:
            page = members["code"].replace("_", "-")
            members["doc_url"] = f"https://stripe.com/docs/error-codes/{page}"
        return {"error": members}


def missing_resource(kind: str, id: str, param: str, status: int = 404) -> ApiError:
    """An id that is nobody's: 404 in a path, 400 in most parameters."""
    message = f"No such {kind}: '{id}'"
    return ApiError(status, message, code="resource_missing", param=param)
