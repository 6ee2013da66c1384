"""Faces and plates made unreadable in pictures: no Django, used by the server and the worker."""
