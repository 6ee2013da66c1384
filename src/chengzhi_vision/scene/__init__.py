"""Is the picture fit to judge, and what in it is new and still."""
