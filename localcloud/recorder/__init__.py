"""Stands in for Pulumi's engine: `record` runs a program for a preview, `run` runs it for a backend."""

from localcloud.recorder.execution import record, run

__all__ = ["record", "run"]
