"""Reads of work orders, split by what is asked."""
