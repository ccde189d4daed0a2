"""What the system takes: time, memory, calls, capacity, code size and money, measured on the local cloud.

Run it with `python -m bench`; it writes docs/performance.md.
"""
