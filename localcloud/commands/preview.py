"""`preview`: what a stack is made of, or what has changed in it since a commit."""

import argparse

from localcloud.preview import report


def preview(arguments: argparse.Namespace) -> int:
    """Prints the tree, or with --base the differences."""
    project = arguments.project
    config = project.preview_config
    found = report.preview(arguments.stack, arguments.base, project.directory, config)
    print(report.as_markdown(found) if arguments.markdown else report.as_text(found))
    return 0
