"""The copies that the emulator makes of items."""

import copy
from collections import OrderedDict, defaultdict
from typing import Any

import pytest

from localcloud.emulator.json_copies import copied

ITEM = {
    "pk": {"S": "a"},
    "lines": {"L": [{"M": {"n": {"N": "1"}, "b": {"B": b"x"}}}, {"NULL": True}]},
}


def containers(value: Any) -> set[int]:
    """The identities of all that can be changed in it."""
    if isinstance(value, dict):
        return {id(value)}.union(*map(containers, value.values()))
    return {id(value)}.union(*map(containers, value)) if isinstance(value, list) else set()


def test_a_copy_is_equal_and_shares_nothing_that_can_be_changed() -> None:
    found = copied(ITEM)
    assert found == ITEM
    assert not containers(found) & containers(ITEM)


@pytest.mark.parametrize(
    "value", [defaultdict(dict, a={"x": [1]}), OrderedDict(a=[1]), ([1], {2}), {"s": {"SS": {"a"}}}]
)
def test_what_is_not_json_is_copied_as_python_copies_it(value: Any) -> None:
    found, expected = copied(value), copy.deepcopy(value)
    assert found == expected
    assert type(found) is type(expected)
    assert found is not value
