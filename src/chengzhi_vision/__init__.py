"""The camera worker: it watches camera pictures and reports what stays where it must not."""

__version__ = "0.1.0"
