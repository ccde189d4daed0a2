"""Previews: what a stack declares, and how that differs from another commit's. Nothing is created."""
