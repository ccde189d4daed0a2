"""Changes as lines of text. The first column says what a line is: + new, - gone, ! replaced, ~ changed.

Forges colour these columns in a `diff` block, and they read as well without colour.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from localcloud.preview.comparison import MISSING, Change, Property
from localcloud.preview.documents import Code, Document, Policy, as_yaml
from localcloud.preview.replacements import Anew

SIGNS = {"added": "+", "removed": "-", "replaced": "!", "changed": "~"}
LONGEST_VALUE = 100
CONTEXT = 3
SHOWN_FILES = 6
PAD = "    "


def change_lines(change: Change) -> Iterator[str]:
    """A resource and what differs; of a removed one only what it permitted."""
    sign, resource = SIGNS[change.action], change.resource
    said = " is replaced" if change.action == "replaced" else ""
    yield f"{sign} {resource.kind} {resource.name}{said}"
    for each in change.properties:
        if change.action != "removed" or isinstance(each.before, Policy):
            yield from property_lines(each)


def property_lines(difference: Property) -> Iterator[str]:
    """One property, old -> new; policies by permission, long texts as a diff."""
    path, before, after = difference.path, difference.before, difference.after
    kinds: set[type] = {type(before), type(after)}
    if isinstance(after, Anew):
        yield f"  {PAD}{path}: refers to the new {', '.join(after.of)}"
    elif Document in kinds:
        [title] = {each.title for each in (before, after) if isinstance(each, Document)}
        yield f"  {PAD}{path}: see {title}"
    elif Code in kinds:
        yield f"  {PAD}{path}: {_code(before, after)}"
    elif Policy in kinds:
        yield from _permissions(path, before, after)
    elif before is MISSING:
        yield from _given(path, after)
    elif max(len(_short(before)), len(_short(after))) <= LONGEST_VALUE:
        yield f"  {PAD}{path}: {_short(before)} -> {_short(after)}"
    else:
        yield f"  {PAD}{path}:"
        for line in unified(_yaml(before), _yaml(after)):
            sign = "" if line.startswith("@@") else line[0]
            yield f"{sign or ' '} {PAD}  {line.removeprefix(sign)}"


def unified(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """A unified diff of YAML lines; instead of line numbers, a hunk says where in the document it begins."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        changed = next(each for each in group if each[0] != "equal")
        is_new = changed[0] == "insert"
        place = _place(after, changed[3]) if is_new else _place(before, changed[1])
        yield f"@@ {' > '.join(place) or 'top'} @@"
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in before[old_start:old_end])
                continue
            yield from (f"-{line}" for line in before[old_start:old_end])
            yield from (f"+{line}" for line in after[new_start:new_end])


def document_lines(before: Any, after: Any) -> Iterator[str]:
    """The diff of two documents, one of which may be MISSING."""
    yield from unified(_yaml(before), _yaml(after))


def _place(lines: Sequence[str], index: int) -> list[str]:
    """The keys that lead to a line of YAML, whose lists are not indented."""
    keys: list[str] = []
    depth = _indent(lines[index]) + lines[index].lstrip().startswith("- ")
    for line in reversed(lines[:index]):
        key_depth = _indent(line) + 2 * line.lstrip().startswith("- ")
        if key_depth < depth and line.endswith(":"):
            depth = key_depth
            keys.insert(0, line.strip(" -:"))
    return keys


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _permissions(path: str, before: Any, after: Any) -> Iterator[str]:
    old, new = (each.permissions() if isinstance(each, Policy) else [] for each in (before, after))
    lost = [f"- {PAD}  {line}" for line in old if line not in new]
    won = [f"+ {PAD}  {line}" for line in new if line not in old]
    same = "" if lost or won else " the same permissions, written in another way"
    yield f"  {PAD}{path}:{same}"
    yield from won
    yield from lost


def _code(before: Any, after: Any) -> str:
    old: Mapping[str, str] = before.files if isinstance(before, Code) else {}
    new: Mapping[str, str] = after.files if isinstance(after, Code) else {}
    if not old:
        return f"{len(new)} files"
    differing = [
        name if name in old and name in new else f"{'+' if name in new else '-'} {name}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
    more = f" and {len(differing) - SHOWN_FILES} more" if len(differing) > SHOWN_FILES else ""
    return f"changed ({', '.join(differing[:SHOWN_FILES])}{more})"


def _given(path: str, value: Any) -> Iterator[str]:
    if len(_short(value)) <= LONGEST_VALUE:
        yield f"+ {PAD}{path}: {_short(value)}"
    else:
        yield f"+ {PAD}{path}:"
        yield from (f"+ {PAD}  {line}" for line in as_yaml(value))


def _yaml(value: Any) -> list[str]:
    return [] if value is MISSING else as_yaml(value)


def _short(value: Any) -> str:
    """A value in one line; a text that could be taken for something else is quoted."""
    if value is MISSING:
        return "(none)"
    [line] = (
        as_yaml(value)
        if isinstance(value, str) and "\n" not in value
        else [json.dumps(value, default=str)]
    )
    return line
