"""What every page's frame shows."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the values of the shell: who is signed in."""
    return {"actor": getattr(request, "actor", None)}
