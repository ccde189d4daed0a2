"""The yardstick: the plain original design, to measure the system against on the same emulator.

Six functions in a row as a STANDARD workflow: no compensation, no repetition, no ledger, no API.
"""
