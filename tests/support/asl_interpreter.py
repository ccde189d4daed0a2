"""The order workflow without an engine: the same definition, one state at each step.
It reads what the definition uses of the Amazon States Language (https://states-language.net) and
raises on anything else. Retries don't wait, and the branches of a Parallel run one after the
other. Calls go to boto3 clients and to the handlers, in this process.
"""

import importlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jsonata
from botocore.exceptions import ClientError

from components.definition import fill
from components.order_workflow import definition
from handlers.runtime.aws import client, code

Handler = Callable[[dict[str, Any], object], dict[str, Any]]
Resource = Callable[[dict[str, Any]], Any]
MAX_ATTEMPTS = 5
MAX_AGE_MINUTES = 60
_FIELDS = {
    "Task": {"Resource", "Arguments", "TimeoutSeconds", "Retry", "Catch", "Assign", "Output"},
    "Choice": {"Choices", "Default"},
    "Parallel": {"Branches"},
    "Pass": {"Assign", "Output"},
    "Succeed": set(),
    "Fail": {"Error", "Cause"},
}
_EXPRESSION = re.compile(r"\{%(.*)%\}", re.DOTALL)


class Fault(Exception):
    """What Retry and Catch match: the error's name, and its cause."""

    def __init__(self, error: str, cause: str = ""):
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


class Execution:
    """One run: `state` is where it stands, `status` RUNNING, SUCCEEDED or FAILED; `tries` of tasks
    in all, and the errors that were `retried`.
    """

    def __init__(
        self,
        machine: Mapping[str, Any],
        name: str,
        data: Any,
        resources: Mapping[str, Resource],
        variables: dict[str, Any] | None = None,
    ):
        self.name = name
        self.state: str | None = machine["StartAt"]
        self.status = "RUNNING"
        self.visited: list[str] = []
        self.tries = 0
        self.retried: list[str] = []
        self.error: Fault | None = None
        self.data = data
        self._states = machine["States"]
        self._context = {"Execution": {"Name": name, "Input": data}}
        self._resources = resources
        self._variables = variables if variables is not None else {}

    def step(self) -> None:
        """Execute the state that the run stands at."""
        assert self.state is not None, "the run has ended"
        state = self._states[self.state]
        unknown = state.keys() - _FIELDS[state["Type"]] - {"Type", "Comment", "Next", "End"}
        assert not unknown, f"{self.state}: {unknown} is not read"
        self.visited.append(self.state)
        try:
            self.state = getattr(self, f"_{state['Type'].lower()}")(state)
        except Fault as fault:
            self.state, self.status, self.error = None, "FAILED", fault
        else:
            if self.state is None:
                self.status = "SUCCEEDED"

    def to_the_end(self) -> "Execution":
        while self.state is not None:
            self.step()
        return self

    def _task(self, state: dict[str, Any]) -> str | None:
        tries: dict[int, int] = {}
        while True:
            self.tries += 1
            try:
                arguments = self._evaluate(state["Arguments"])
                result = self._resources[state["Resource"]](arguments)
                self._leave(state, result, result=result)
            except Fault as fault:
                if not _tried_again(state.get("Retry", []), fault, tries):
                    return self._caught(state, fault)
                self.retried.append(fault.error)
            else:
                return state.get("Next")

    def _caught(self, state: dict[str, Any], fault: Fault) -> str:
        catcher = _matching(state.get("Catch", []), fault)
        if catcher is None:
            raise fault
        error = {"Error": fault.error, "Cause": fault.cause}
        self._leave(catcher, error, errorOutput=error)
        return catcher["Next"]

    def _choice(self, state: dict[str, Any]) -> str:
        for rule in state["Choices"]:
            chosen = self._evaluate(rule["Condition"])
            assert isinstance(chosen, bool), f"{rule['Condition']} is {chosen}"
            if chosen:
                self._leave(rule, self.data)
                return rule["Next"]
        return state["Default"]

    def _parallel(self, state: dict[str, Any]) -> str | None:
        results = []
        for branch in state["Branches"]:
            inner = Execution(branch, self.name, self.data, self._resources, dict(self._variables))
            inner._context = self._context
            inner.to_the_end()
            self.visited += inner.visited
            if inner.error:
                raise inner.error
            results.append(inner.data)
        self.data = results
        return state.get("Next")

    def _pass(self, state: dict[str, Any]) -> str | None:
        self._leave(state, self.data)
        return state.get("Next")

    def _succeed(self, state: dict[str, Any]) -> None:
        return None

    def _fail(self, state: dict[str, Any]) -> None:
        raise Fault(self._evaluate(state["Error"]), self._evaluate(state["Cause"]))

    def _leave(self, state: Mapping[str, Any], output: Any, **states: Any) -> None:
        """Assign and Output (`output` if there is none) see the variables as they were before."""
        assigned = self._evaluate(state.get("Assign", {}), **states)
        self.data = self._evaluate(state["Output"], **states) if "Output" in state else output
        self._variables.update(assigned)

    def _evaluate(self, template: Any, **states: Any) -> Any:
        match template:
            case dict():
                return {key: self._evaluate(value, **states) for key, value in template.items()}
            case list():
                return [self._evaluate(value, **states) for value in template]
            case str() if found := _EXPRESSION.fullmatch(template):
                context = self._context | {"State": {"Name": self.state}}
                bound = {"input": self.data, "context": context} | states
                return _jsonata(found[1].strip(), self._variables | {"states": bound})
            case _:
                return template


def deployed() -> dict[str, Any]:
    """The definition, with module names for functions."""
    source = definition()
    named = {name: _module(name) for name in re.findall(r"\$\{(\w+)\}", json.dumps(source))}
    other = {
        "OrdersTable": "orders",
        "OrderEventsTopic": "order-events",
        "MaxAttempts": MAX_ATTEMPTS,
        "OrderMaxAgeMinutes": MAX_AGE_MINUTES,
    }
    return fill(source, named | other)


def resources(instead: Mapping[str, Handler]) -> dict[str, Resource]:
    """What a Task can call. `instead` are handlers to run for those of these modules."""

    def invoke(arguments: dict[str, Any]) -> dict[str, Any]:
        module = arguments["FunctionName"]
        handler = instead.get(module) or _handler(module)
        try:
            answer = handler(_as_json(arguments["Payload"]), None)
        except Exception as error:
            told = {"errorType": type(error).__name__, "errorMessage": str(error)}
            raise Fault(type(error).__name__, json.dumps(told)) from error
        return {"StatusCode": 200, "Payload": _as_json(answer)}

    return {
        "arn:aws:states:::lambda:invoke": invoke,
        "arn:aws:states:::dynamodb:getItem": _sdk("DynamoDB", "get_item"),
        "arn:aws:states:::dynamodb:updateItem": _sdk("DynamoDB", "update_item"),
        "arn:aws:states:::sns:publish": _sdk("SNS", "publish"),
    }


def _sdk(service: str, operation: str) -> Resource:
    def call(arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = getattr(client(service.lower()), operation)(**arguments)
        except ClientError as error:
            raise Fault(f"{service}.{code(error)}", str(error)) from error
        return answer

    return call


@cache
def _handler(module: str) -> Handler:
    return importlib.import_module(f"handlers.workflow.{module}").lambda_handler


def _module(state: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", state).lower()


@cache
def _parsed(expression: str) -> jsonata.Jsonata:
    return jsonata.Jsonata.jsonata(expression)


def _jsonata(expression: str, variables: dict[str, Any]) -> Any:
    try:
        value = _parsed(expression).evaluate(None, variables)
    except Exception as error:
        raise Fault("States.QueryEvaluationError", str(error)) from error
    if value is None:  # undefined, which JSON can't say; nothing in the definition is null
        raise Fault("States.QueryEvaluationError", f"{expression} has no value")
    return value


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _matching(rules: list[dict[str, Any]], fault: Fault) -> dict[str, Any] | None:
    for rule in rules:
        if {"States.ALL", fault.error} & set(rule["ErrorEquals"]):
            return rule
    return None


def _tried_again(rules: list[dict[str, Any]], fault: Fault, tries: dict[int, int]) -> bool:
    rule = _matching(rules, fault)
    if rule is None:
        return False
    tries[id(rule)] = tries.get(id(rule), 0) + 1
    return tries[id(rule)] <= rule["MaxAttempts"]
