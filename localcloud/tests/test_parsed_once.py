"""What is kept of the emulator's parsers: no caller can tell that a text was parsed before."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from jsonata import Jsonata, parser
from ministack.core import iam_evaluator as untyped_evaluator
from ministack.services import dynamodb as untyped_dynamodb
from ministack.services import stepfunctions as untyped_stepfunctions

from localcloud.emulator import parsed_once

iam_evaluator, dynamodb = cast(Any, untyped_evaluator), cast(Any, untyped_dynamodb)
stepfunctions = cast(Any, untyped_stepfunctions)
PATCHED = (
    (iam_evaluator, "parse_policy_document"),
    (dynamodb, "_tokenize"),
    (dynamodb, "_condition_syntax_error"),
    (parser.Parser, "parse"),
)
# Each kind of node that an evaluation can meet.
EXPRESSIONS = (
    '$states.input.lines[quantity > 1]^(>price).{"id": productId, "sum": price * quantity}',
    "($twice := function($x) <n:n> { $x * 2 }; $map($states.input.lines.price, $twice))",
    "$states.input.lines{productId: $sum(price)}",
    "$states.input.lines@$l#$i.($l.productId & $string($i))",
    "$reduce($states.input.lines.price, function($a, $b) { $a + $b }) ~> $string",
    '$states.input ~> |lines|{"taken": true}, ["price"]|',
    "($rest := $substring(?, 2); $rest($states.input.name))",
    "$states.input.lines[0].price > 5 ? [1..$states.input.lines[1].price] : null",
    '$replace($states.input.name, /l+/, "L") & $states.input.**.productId[0]',
    "$states.input.lines.%.name",
    '$eval("name", $states.input)',
)
NOT_OF_THE_TREE = ("_outer_instance", "function_name")
ORIGINAL = parser.Parser.parse


@pytest.fixture(autouse=True)
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in PATCHED:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # so that it comes back
    parsed_once.apply()


def order(number: int) -> dict[str, Any]:
    """An input whose every value differs from that of another number."""
    lines = [
        {"productId": f"p{number}-{each}", "price": number + each, "quantity": each}
        for each in range(4)
    ]
    return {"name": f"hello {number}", "lines": lines}


def evaluated(expression: str, given: Any, **variables: Any) -> Any:
    return stepfunctions._evaluate_jsonata(expression, given, {"variables": variables})


def alone(monkeypatch: pytest.MonkeyPatch, expression: str, given: Any) -> Any:
    """What MiniStack itself makes of it."""
    with monkeypatch.context() as unpatched:
        unpatched.setattr(parser.Parser, "parse", ORIGINAL)
        return evaluated(expression, given)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_many_evaluations_at_once_have_each_its_own_input_and_result(
    monkeypatch: pytest.MonkeyPatch, expression: str
) -> None:
    numbers = range(40)
    expected = [alone(monkeypatch, expression, order(number)) for number in numbers]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: evaluated(expression, order(number)), numbers))
    assert found == expected
    assert len({json.dumps(each) for each in found}) > 1


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_evaluation_leaves_the_tree_as_it_was(expression: str) -> None:
    tree = Jsonata(expression).ast
    before = shape(tree)
    for number in range(3):
        evaluated(expression, order(number))
    assert Jsonata(expression).ast is tree
    assert shape(tree) == before


def shape(node: Any, above: tuple[int, ...] = ()) -> Any:
    """All that a tree holds, but for its parser and for the name under which a function was last bound."""
    if isinstance(node, list):
        return [shape(each, above) for each in node]
    if not type(node).__module__.startswith("jsonata"):
        return repr(node)
    if id(node) in above:
        return "above"
    fields = {name: each for name, each in vars(node).items() if name not in NOT_OF_THE_TREE}
    return {name: shape(each, (*above, id(node))) for name, each in fields.items()}


def test_an_evaluation_within_an_evaluation_of_the_same_text_has_its_own_bindings() -> None:
    text = "$depth = 0 ? [$depth] : $append($again($depth - 1), $depth)"

    def again(depth: int) -> Any:
        expression = Jsonata(text)
        expression.register_lambda("again", again)
        return expression.evaluate(None, {"depth": depth})

    assert again(3) == [0, 1, 2, 3]


def test_a_variable_that_is_gone_is_undefined_again() -> None:
    assert evaluated("$amount", {}, amount=5) == 5
    with pytest.raises(stepfunctions._ExecutionError, match="did not return a result"):
        evaluated("$amount", {})


def test_a_faulty_expression_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(stepfunctions._ExecutionError, match="S0203"):
            evaluated("$states.input[", {})


def test_a_policy_that_is_a_dict_is_read_as_it_is_now() -> None:
    document = {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
    [allowed] = iam_evaluator.parse_policy_document(document)
    document["Statement"]["Effect"] = "Deny"
    [denied] = iam_evaluator.parse_policy_document(document)
    assert (allowed.effect, denied.effect) == ("Allow", "Deny")


@pytest.mark.parametrize(
    ("module", "name", "text"),
    [
        (iam_evaluator, "parse_policy_document", '{"Statement": {"Effect": "Deny"}}'),
        (dynamodb, "_tokenize", "#status = :old AND attribute_not_exists(pk)"),
    ],
)
def test_a_list_that_its_caller_empties_is_full_for_the_next(
    module: Any, name: str, text: str
) -> None:
    parse = getattr(module, name)
    first = parse(text)
    expected = copy.deepcopy(first)
    first.clear()
    assert parse(text) == expected != []


def test_a_conditions_fault_is_told_for_the_expression_that_has_it() -> None:
    faults = [
        dynamodb._condition_syntax_error(text, slot)
        for text in ("a = = b", "a = b")
        for slot in ("ConditionExpression", "FilterExpression")
    ]
    assert [str(fault).partition(":")[0] for fault in faults] == [
        "Invalid ConditionExpression",
        "Invalid FilterExpression",
        "None",
        "None",
    ]
