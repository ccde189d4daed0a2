"""One local cloud: brought up (cloud.py), looked at and ended (running.py, which needs no Pulumi)."""
