"""Outcome measurement for victim services: safe texts, short surveys, honest figures."""

RELEASE = "0.1.0"
"""Which release this is, as pyproject.toml says; each line of the log about a request bears it."""
