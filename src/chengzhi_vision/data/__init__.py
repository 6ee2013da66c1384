"""Codes, pinned models and thresholds the worker reads as data."""
