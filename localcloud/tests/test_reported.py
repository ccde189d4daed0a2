"""Which of the inputs that the emulator has are told: a change, never a difference of words."""

import json
from typing import Any

import pytest

from localcloud.errors import LocalError
from localcloud.provision.reading import reported
from localcloud.provision.resource import Resource

DEFAULTS = {"timeout": 3, "enabled": True, "logging": {"format": "Text"}}


def told(known: dict[str, Any], **found: Any) -> dict[str, Any]:
    return reported(Resource("made-up", known), found, DEFAULTS, name="name")


def test_what_the_program_does_not_say_is_told_only_if_it_is_not_the_default() -> None:
    assert told({}, timeout=3, enabled=True, tags={}, layers=[], description="", role=None) == {}
    assert told({}, timeout=4, enabled=False, limit=0) == {
        "timeout": 4,
        "enabled": False,
        "limit": 0,
    }


def test_what_the_program_says_is_told_even_if_it_is_the_default() -> None:
    assert told({"timeout": 3, "tags": {}}, timeout=3, tags={}) == {"timeout": 3, "tags": {}}
    assert told({"timeout": 9}, timeout=3) == {"timeout": 3}


def test_an_input_that_is_no_longer_set_is_its_default_or_none() -> None:
    known = {"timeout": 9, "description": "a"}
    assert told(known, timeout=None, description=None) == {"timeout": 3, "description": None}


def test_an_input_that_the_emulator_cannot_tell_is_left_out() -> None:
    assert told({"code": "x", "timeout": 9}, timeout=9) == {"timeout": 9}


def test_a_made_up_name_is_told_only_to_a_program_that_says_it() -> None:
    assert told({}, name="made-up") == {}
    assert told({"namePrefix": "toy-"}, name="toy-made-up") == {}
    assert told({"name": "made-up"}, name="made-up") == {"name": "made-up"}
    assert told({}, name="another") == {"name": "another"}


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}'),
        (["x", "y"], ["y", "x"]),
        ([{"name": "x", "rules": ["1", "2"]}], [{"name": "x", "rules": ["2", "1"], "id": ""}]),
        ({"format": "JSON", "empty": []}, {"format": "JSON", "group": None}),
        ("5", 5),
        (50, 50.0),
        ("", None),
        ([], None),
    ],
)
def test_what_means_the_same_is_told_in_the_programs_words(known: Any, found: Any) -> None:
    answer = told({"it": known}, it=found)
    assert answer == {"it": known}
    assert json.dumps(answer) == json.dumps({"it": known})


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ('{"a": 1}', '{"a": 2}'),
        ("not json", "nor this"),
        (["x", "y"], ["x"]),
        ({"block": {}}, {"count": {}}),
        ({"variables": {"A": "1"}}, {"variables": {"A": "1", "B": "2"}}),
        ({"variables": {"A": "1", "B": "2"}}, {"variables": {"A": "1"}}),
        (True, False),
    ],
)
def test_what_means_something_else_is_told_as_it_is_now(known: Any, found: Any) -> None:
    assert told({"it": known}, it=found) == {"it": found}


def test_a_nested_default_that_the_program_does_not_say_is_not_told() -> None:
    assert told({"logging": {"group": "a"}}, logging={"group": "a", "format": "Text"}) == {
        "logging": {"group": "a"}
    }


def test_the_id_of_a_part_tells_its_whole_if_the_inputs_do_not() -> None:
    assert Resource("", {"bucket": "b"}, physical_id="a/b.txt").within("bucket") == ("b", "a/b.txt")
    assert Resource("", {}, physical_id="b/a/b.txt").within("bucket") == ("b", "a/b.txt")
    with pytest.raises(LocalError, match="give <bucket>/<id>"):
        Resource("", {}, physical_id="b.txt").within("bucket")
