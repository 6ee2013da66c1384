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
    content, media_type = as_file(kind, head, rows, zone=timezone.get_current_timezone())
    answer = HttpResponse(content, content_type=media_type)
    file_name = f"{name}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    return answer
