"""A short list as a file to download: xlsx or csv."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.sheets import Cell, as_file

MOST_EXPORTED = 50_000


def sheet(
    actor: Actor, kind: str, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return the rows as a file, if the actor may take lists away.

    :raises NotPermitted: the actor may not export.
    :raises InvalidInput: neither csv nor xlsx was asked for.
    """
    accounts.permit(actor, Permission.EXPORT)
    return file_of(kind, name, head, rows)


def file_of(
    kind: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return a list as an xlsx or csv file with today's date in its name; its caller permits it.

    :raises InvalidInput: neither csv nor xlsx was asked for.
    """
    content, media_type = as_file(kind, head, rows, zone=timezone.get_current_timezone())
    answer = HttpResponse(content, content_type=media_type)
    name = f"{title}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
