"""Writes that belong to no context: a change of the standards, which stand below the log."""
