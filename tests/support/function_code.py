"""Replaces what a function of the running system does, file by file."""

import io
import zipfile

from components.bundle import contents
from localcloud.provision.aws import Aws

BROKEN = "def lambda_handler(event, context):\n    raise RuntimeError('broken for a test')\n"
GATEWAY = "handlers.sandbox.payment_sandbox"
GATEWAY_DOWN = """
def lambda_handler(event, context):
    headers = {"content-type": "application/json", "stripe-should-retry": "false"}
    return {"statusCode": 503, "headers": headers, "body": '{"error": {"type": "api_error"}}'}
"""

AFTER_ITS_EFFECT = """
from handlers.adapters.inventory_table import reserve
from handlers.workflow.step import Step

def lambda_handler(event, context):
    step = Step.of(event)
    reserve(step.order, step.run)
    raise RuntimeError("died after its effect")
"""
"""A step whose every try does its work, or finds it done, and dies."""


def replace(aws: Aws, function_name: str, module: str, source: str | None) -> None:
    """Have the function of `module` (dotted) run `source` as that module, or None for its own."""
    files = contents(module)
    texts = {name: path.read_text("utf-8") for name, path in files.items()}
    if source is not None:
        texts[module.replace(".", "/") + ".py"] = source
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    aws.lambda_.update_function_code(FunctionName=function_name, ZipFile=buffer.getvalue())
