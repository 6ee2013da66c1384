"""A list as a file: xlsx or csv, the same columns in both."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone

from chengzhi.kernel.sheets import Cell, as_file

LIMIT = 50_000


def export(
    kind: str, *, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return the rows as a file to download.

    :raises InvalidInput: neither xlsx nor csv was asked for.
    """
    content, media_type = as_file(kind, head, rows, zone=timezone.get_current_timezone())
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(content, content_type=media_type, headers=disposition)


__all__ = ["LIMIT", "Cell", "export"]
