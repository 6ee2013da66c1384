"""What the pages of messages share: who manages, page keys, files, refusals in forms."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import DomainError
from chengzhi.kernel.sheets import Cell, as_file

Answer = TypeVar("Answer")
MOST_EXPORTED = 20_000


def manages(actor: Actor) -> bool:
    """Return whether the actor manages messages, for the tabs."""
    return accounts.may(actor, Permission.MANAGE_NOTICES)


def page_key(request: HttpRequest) -> int | None:
    """Return the key after which the page starts."""
    text = request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def done(form: forms.Form, deed: Callable[[], Answer]) -> Answer | None:
    """Do the deed; a refusal goes to its field of the form, and nothing is returned."""
    try:
        return deed()
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return None


def as_download(
    name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return rows as a file to keep."""
    content, media_type = as_file(kind, head, rows, zone=timezone.get_current_timezone())
    response = HttpResponse(content, content_type=media_type)
    file = f"{name}-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, file) or "attachment"
    return response


def pager(*, count: int, shown: int, next_key: int | None) -> dict[str, Any]:
    """Return the values of the pager."""
    return {"total": count, "shown": shown, "next": next_key}
