"""Runs a Pulumi program for AWS on this machine: without an account, Docker or the Pulumi CLI."""
