"""The preview of a stack: its tree, or what a commit's tree becomes. As text, or as Markdown for a pull request."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud.preview import commits
from localcloud.preview.comparison import Change, Property, compare, outputs, undone, unseen_config
from localcloud.preview.documents import Document, Policy
from localcloud.preview.lines import change_lines, document_lines, property_lines
from localcloud.preview.snapshot import Snapshot, take
from localcloud.preview.tree import tree

LONGEST_MARKDOWN = 20_000
"""Characters; a comment on GitHub holds 65,536, and a project has a few stacks."""
ACTIONS = ("added", "removed", "replaced", "changed")
AUTHORITY = (
    "`pulumi preview` is the authority: it knows the stack's state and all that is replaced."
)
PERMITTING = ("aws:iam/", "aws:lambda/permission:", "aws:lambda/functionUrl:")


@dataclass(frozen=True)
class Section:
    """Some lines under a title."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Report:
    """`title` says of what; the sections are in the order in which a reader wants them."""

    title: str
    summary: str
    sections: Sequence[Section]
    note: str = ""


def preview(
    stack: str,
    base: str | None = None,
    directory: Path = Path(),
    config: Mapping[str, Any] | None = None,
) -> Report:
    """The tree of a stack, or with `base`, a git ref, what has changed since. LocalError if a tree can't run.

    `config` overrides the stack's, in both trees.
    """
    given = config or {}
    if base is None:
        found = take(stack, directory, given)
        summary = f"{len(found.resources)} resources"
        return Report(stack, summary, [Section("Resources", tree(found))])
    commit = commits.find(base, directory)
    with commits.running(commit, stack, directory, given) as other:
        after = take(stack, directory, given)
        before = other()
    return differences(f"{stack} against {commit}", before, after)


def differences(title: str, before: Snapshot, after: Snapshot) -> Report:
    """What becomes of `before`: permissions first, then resources, then the long documents."""
    changes, exports = compare(before, after), outputs(before, after)
    unseen = unseen_config(before, after)
    if not changes and not exports and not unseen:
        return Report(title, "no changes", [])
    counts = Counter(change.action for change in changes)
    counted = [f"{counts[action]} {action}" for action in ACTIONS if counts[action]]
    permitting = [change for change in changes if _permits(change)]
    others = [change for change in changes if not _permits(change)]
    sections = [
        Section(
            "DATA IS LOST",
            [
                *(_move(each) for each in unseen if each.path == "aws:region"),
                *(_loss(change) for change in changes if change.loses_data),
            ],
        ),
        Section("Pulumi refuses", [_refusal(change) for change in changes if change.is_refused]),
        Section("Settings are lost", [_undone(change) for change in undone(changes)]),
        Section("Config", [line for each in unseen for line in property_lines(each)]),
        Section("Permissions", _lines(permitting)),
        Section("Resources", _lines(others)),
        *(_document(each) for change in changes for each in change.properties if _is_long(each)),
        Section("Outputs", [line for each in exports for line in property_lines(each)]),
    ]
    shown = [section for section in sections if section.lines]
    unchanged = "only outputs change" if exports else "only config changes"
    return Report(title, ", ".join(counted) or unchanged, shown, AUTHORITY)


def as_text(report: Report) -> str:
    """For a terminal."""
    parts = [f"{report.title}: {report.summary}"]
    parts += ["\n".join([f"\n{each.title}", *each.lines]) for each in report.sections]
    return "\n".join([*parts, f"\n{report.note}"] if report.note else parts)


def as_markdown(report: Report) -> str:
    """For a comment: cut where it gets too long for one, and it says so."""
    parts = [f"### {report.title}: {report.summary}"]
    room = LONGEST_MARKDOWN
    for section in report.sections:
        lines = list(section.lines)
        while lines and sum(len(line) + 1 for line in lines) > room:
            lines.pop()
        room -= sum(len(line) + 1 for line in lines)
        parts.append(f"#### {section.title}\n\n{_fenced(lines)}")
        if len(lines) < len(section.lines):
            parts.append(f"{len(section.lines) - len(lines)} more lines: see `make preview`.")
    return "\n\n".join([*parts, report.note] if report.note else parts)


def _fenced(lines: Sequence[str]) -> str:
    """A block that nothing in it can end."""
    fence = "```"
    while any(fence in line for line in lines):
        fence += "`"
    return "\n".join([f"{fence}diff", *lines, fence])


def _lines(changes: Sequence[Change]) -> list[str]:
    return [line for change in changes for line in change_lines(change)]


def _permits(change: Change) -> bool:
    """Whether it is about who may do what."""
    return change.resource.type.startswith(PERMITTING) or any(
        isinstance(value, Policy)
        for each in change.properties
        for value in (each.before, each.after)
    )


def _loss(change: Change) -> str:
    resource = change.resource
    because = ", ".join(_briefly(each) for each in change.immutable())
    what = f"REPLACED by an empty one ({because})" if change.action == "replaced" else "REMOVED"
    return f"- !!! {resource.kind} {resource.name} is {what}"


def _refusal(change: Change) -> str:
    resource = change.resource
    return (
        f"- !!! {resource.kind} {resource.name} is protected and can't be {change.action}:"
        " lift its protection in an update of its own first"
    )


def _undone(change: Change) -> str:
    resource = change.resource
    return (
        f"- !!! {resource.kind} {resource.name} goes after its successor came, and takes that one's"
        " effect along: give the successor an alias"
    )


def _move(region: Property) -> str:
    return (
        f"- !!! The stack moves from {region.before} to {region.after}, and none of its data does"
    )


def _briefly(difference: Property) -> str:
    return " ".join("".join(property_lines(difference)).split()).removeprefix("+ ")


def _is_long(difference: Property) -> bool:
    return isinstance(difference.before, Document) or isinstance(difference.after, Document)


def _document(difference: Property) -> Section:
    before, after = difference.before, difference.after
    title = after.title if isinstance(after, Document) else before.title
    return Section(title, list(document_lines(before, after)))
