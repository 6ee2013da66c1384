"""Writes of work orders, one function a deed, one transaction each."""
