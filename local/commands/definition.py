"""`definition`: prints the state machine's definition as JSON, for the console's Workflow Studio."""

import argparse
import json

from components import order_workflow


def definition(_arguments: argparse.Namespace) -> int:
    """References are resolved; `${Name}` stays where a stack puts in an ARN or a number."""
    print(json.dumps(order_workflow.definition(), indent=2, ensure_ascii=False))
    return 0
