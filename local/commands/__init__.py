"""What a person runs on the local cloud; one module per command, `python -m local` dispatches."""
