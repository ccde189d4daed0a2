"""Pulumi's own CLI, as for the local cloud's own tests of the engine."""

from localcloud.tests.engine.conftest import pytest_runtest_setup

__all__ = ["pytest_runtest_setup"]
