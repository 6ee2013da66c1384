"""Reads of places, split by what is asked."""
