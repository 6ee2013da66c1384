"""A list of places as a file."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.sheets import CSV, XLSX, Cell, as_csv, as_xlsx

MOST = 50_000


def export(
    actor: Actor, kind: str, *, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return the rows as xlsx or csv.

    :raises NotPermitted: the actor may not export.
    :raises InvalidInput: another kind of file was asked for.
    """
    accounts.permit(actor, Permission.EXPORT)
    make = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}.get(kind)
    if make is None:
        raise InvalidInput(f"不能导出为“{kind}”，请选xlsx或csv。", field="export")
    write, content_type = make
    content = write(head, rows, zone=timezone.get_current_timezone())
    response = HttpResponse(content, content_type=content_type)
    file = f"{name}-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, file) or "attachment"
    return response
