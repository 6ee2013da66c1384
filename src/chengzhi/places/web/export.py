"""A list of places as a file."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.sheets import Cell, as_file

MOST = 50_000


def export(
    actor: Actor, kind: str, *, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return the rows as xlsx or csv.

    :raises NotPermitted: the actor may not export.
    :raises InvalidInput: another kind of file was asked for.
    """
    accounts.permit(actor, Permission.EXPORT)
    content, content_type = as_file(kind, head, rows, zone=timezone.get_current_timezone())
    response = HttpResponse(content, content_type=content_type)
    file = f"{name}-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, file) or "attachment"
    return response
