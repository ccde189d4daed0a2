"""What the storefront has of the contract is generated from it, and current."""

import subprocess

from local.node import FRONTEND
from localcloud import node


def test_the_storefront_has_the_limits_and_the_secured_operations_of_the_contract() -> None:
    command = [node.executable(), "contract.mjs", "--check"]
    run = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"run `make types`\n{run.stdout}{run.stderr}"


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
