"""What API Gateway's import of an OpenAPI 3 document warns about, as far as it is known.

The gateway leaves out what it does not support, and says so in warnings. With `failOnWarnings` the
import is refused instead:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html
What is not known to be imported whole counts as a warning here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.json_values import is_array, is_object

UNSUPPORTED = {
    "additionalProperties",
    "discriminator",
    "example",
    "exclusiveMinimum",
    "nullable",
    "oneOf",
    "pattern",
    "readOnly",
}
"""Keywords of schemas that the gateway does not support:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html"""


def of_responses(operation: Mapping[str, Any]) -> Iterator[str]:
    """The warnings about an operation's responses."""
    responses = operation.get("responses", {})
    if not responses:
        yield "it has no responses"
    for status, response in responses.items():
        if not re.fullmatch("[1-5][0-9]{2}", status):
            yield f"the response '{status}' has no status code"
        if not {"description", "$ref"} & set(response):
            yield f"the response '{status}' has no description"


def of_schemas(node: Any) -> Iterator[str]:
    """The warnings about every schema in `node`, however deep; extensions have none."""
    if is_array(node):
        for each in node:
            yield from of_schemas(each)
    if is_object(node):
        for key, value in node.items():
            if key in UNSUPPORTED:
                yield f"'{key}' is not supported"
            elif key in ("properties", "schemas") and is_object(value):
                # Here the keys are names that the document chose.
                yield from of_schemas(list(value.values()))
            elif not key.startswith("x-"):
                yield from of_schemas(value)
