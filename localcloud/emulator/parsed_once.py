"""Patch: a text is parsed once. MiniStack parses policies and expressions anew each time that they are evaluated.

All four are functions of their text alone, so a policy or an expression that has changed is another text.
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import jsonata
from jsonata import parser as untyped_parser
from ministack.core import iam_evaluator as untyped_evaluator
from ministack.services import dynamodb as untyped_dynamodb

from localcloud.emulator import anchors

dynamodb, iam_evaluator = cast(Any, untyped_dynamodb), cast(Any, untyped_evaluator)
Jsonata, Parser = cast(Any, jsonata.Jsonata), cast(Any, untyped_parser.Parser)
KEPT = 2048  # texts of each kind; some of them contain values, so that their number has no bound


def apply() -> None:
    """Puts a memory before each parser."""
    anchors.has_parameters(iam_evaluator, "parse_policy_document", "doc")
    anchors.has_parameters(dynamodb, "_tokenize", "expr")
    anchors.has_parameters(dynamodb, "_condition_syntax_error", "expr slot")
    anchors.has_parameters(Parser, "parse", "self jsonata regex_engine")
    anchors.source_contains(Jsonata, "self.ast = self.parser.parse(expr, regex_engine)")
    iam_evaluator.parse_policy_document = policies(iam_evaluator.parse_policy_document)
    dynamodb._tokenize = tokens(dynamodb._tokenize)
    dynamodb._condition_syntax_error = lru_cache(KEPT)(dynamodb._condition_syntax_error)
    Parser.parse = trees(Parser.parse)


def policies(parse: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """Return the parser of policies with a memory for texts; a policy that is a dict can change, so it has none."""
    kept = lru_cache(KEPT)(parse)

    def parse_policy_document(doc: Any) -> list[Any]:
        return list(kept(doc)) if isinstance(doc, str) else parse(doc)

    return parse_policy_document


def tokens(tokenize: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    """Return the tokenizer with a memory; each caller has a list of its own."""
    kept = lru_cache(KEPT)(tokenize)

    def tokenized(expr: str) -> list[Any]:
        return list(kept(expr))

    return tokenized


def trees(parse: Callable[..., Any]) -> Callable[..., Any]:
    """Return the parser of JSONata with a memory.

    Evaluations share a tree, also at the same time: they read it, and keep their state in a `Jsonata` of their own.
    """

    @lru_cache(KEPT)
    def kept(text: str, *engine: Any) -> Any:
        return parse(Jsonata.get_parser(), text, *engine)

    def parsed(_parser: Any, text: str, *engine: Any) -> Any:
        return kept(text, *engine)

    return parsed
