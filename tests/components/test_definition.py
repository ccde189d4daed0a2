from typing import Any

import pytest

from components.definition import fill


def test_whole_leaves_are_replaced_wherever_they_are() -> None:
    document = {"a": "${X}", "b": [{"c": "${Y}"}, "${X}"]}
    assert fill(document, {"X": "1", "Y": "2"}) == {"a": "1", "b": [{"c": "2"}, "1"]}


@pytest.mark.parametrize("value", [5, True, None, {"Fn": "x"}, 'a"b\\c'])
def test_a_value_keeps_its_type_and_needs_no_quoting(value: Any) -> None:
    assert fill({"a": "${X}"}, {"X": value}) == {"a": value}


@pytest.mark.parametrize("text", ["arn:${X}", "${X}:*", "$X", "${}", "{X}", "${X Y}", "${X}\n"])
def test_what_is_not_a_whole_leaf_stays_as_it_is(text: str) -> None:
    assert fill({"a": text}, {"X": "1"}) == {"a": text}


def test_keys_and_other_values_stay_as_they_are() -> None:
    document = {"${X}": 1, "n": 2.5, "t": True, "z": None}
    assert fill(document, {"X": "1"}) == document


def test_a_name_that_nobody_gave_is_told() -> None:
    with pytest.raises(KeyError, match="Tabel"):
        fill({"a": ["${Tabel}"]}, {"Table": "1"})


def test_what_was_put_in_is_not_read_again() -> None:
    assert fill({"a": "${X}"}, {"X": "${Y}"}) == {"a": "${Y}"}


def test_the_document_itself_is_not_changed() -> None:
    document = {"a": ["${X}"]}
    fill(document, {"X": "1"})
    assert document == {"a": ["${X}"]}
