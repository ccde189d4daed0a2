"""The shop's own part of the local cloud: its settings, and commands that order, sign in, show mail and logs."""
