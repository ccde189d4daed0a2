"""The resolver of every function behind the API, and the one place where an error becomes an answer."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from handlers.api.problem import Problem, not_found
from handlers.runtime.observability import logger


def resolver() -> APIGatewayRestResolver:
    """Return a resolver without routes that answers every error with a problem document."""
    app = APIGatewayRestResolver()
    app.exception_handler(Problem)(_told)
    app.exception_handler(NotFoundError)(_unknown)
    app.exception_handler(Exception)(_failed)
    return app


def _told(problem: Problem) -> Response[str]:
    logger.info("refused", status=problem.status.value, detail=problem.detail)
    return problem.response()


def _unknown(error: NotFoundError) -> Response[str]:
    return not_found().response()


def _failed(error: Exception) -> Response[str]:
    """Nothing may escape: the gateway would show the client what was raised."""
    logger.exception("failed")
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side.").response()
