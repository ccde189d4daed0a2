"""Step Functions as far as a handler starts runs; what a run does is not part of it."""

from botocore.exceptions import ClientError


class StateMachine:
    """Notes the names of the runs. A name can be used once; `failure` is raised."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.failure: Exception | None = None

    def start_execution(self, **request: str) -> None:
        if self.failure:
            raise self.failure
        if request["name"] in self.started:
            taken = {"Error": {"Code": "ExecutionAlreadyExists", "Message": ""}}
            raise ClientError(taken, "StartExecution")
        self.started.append(request["name"])
