"""The storefront's API types are generated from the contract, and current."""

import subprocess

from local.node import FRONTEND
from localcloud import node


def test_the_storefronts_api_types_say_what_the_contract_says() -> None:
    command = [
        node.executable(),
        "node_modules/openapi-typescript/bin/cli.js",
        "../handlers/api/openapi.yaml",
        "--output",
        "src/api/schema.d.ts",
        "--check",
    ]
    run = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"run `make types`\n{run.stdout}{run.stderr}"
