"""What an address or a form says, as the values that queries and commands take."""

from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks; the views behind this are closed to nobody in particular."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def moment() -> datetime:
    """Return the moment of the request."""
    return timezone.now()


def key_in(parameters: QueryDict, name: str) -> int | None:
    """Return a record's key from a parameter; none when it is absent.

    :raises InvalidInput: it is not a number.
    """
    text = parameters.get(name, "").strip()
    if not text:
        return None
    if not text.isdigit() or len(text) > 18:
        raise InvalidInput(f"{name}“{text}”不是编号，请从列表进入。", field=name)
    return int(text)


def is_htmx(request: HttpRequest) -> bool:
    """Return whether a part of a page is asked for."""
    return bool(request.htmx)  # type: ignore[attr-defined]
