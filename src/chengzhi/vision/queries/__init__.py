"""Reads of cameras, findings and accuracy, split by what is asked."""
