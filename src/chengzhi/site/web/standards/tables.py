"""A table of standards as a page shows it and as a file carries it: the same columns in both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.sheets import as_file
from chengzhi.site.web.standards.words import provenance

RowT = TypeVar("RowT")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: its text, a second line, where it leads, and a status with its tone."""

    text: str = ""
    note: str = ""
    url: str = ""
    status: str = ""
    tone: str = ""

    @property
    def plain(self) -> str:
        """The cell as a file carries it."""
        return " ".join(part for part in (self.status, self.text, self.note) if part)


@dataclass(frozen=True, kw_only=True)
class Column(Generic[RowT]):
    """One column: its head, its look and how a row fills it."""

    label: str
    fill: Callable[[RowT], Cell | str]
    look: str = ""

    def cell(self, row: RowT) -> Cell:
        """Return the row's cell."""
        filled = self.fill(row)
        return Cell(text=filled) if isinstance(filled, str) else filled


@dataclass(frozen=True, kw_only=True)
class Table:
    """A titled table, filled."""

    name: str
    title: str
    heads: tuple[tuple[str, str], ...]  # label, look
    rows: tuple[tuple[Cell, ...], ...]
    hint: str = ""
    lines: list[list[tuple[str, str, Cell]]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for row in self.rows:
            pairs = zip(self.heads, row, strict=True)
            self.lines.append([(label, look, cell) for (label, look), cell in pairs])


def table(
    name: str,
    title: str,
    columns: Sequence[Column[RowT]],
    rows: Iterable[RowT],
    *,
    hint: str = "",
) -> Table:
    """Fill a table."""
    return Table(
        name=name,
        title=title,
        heads=tuple((column.label, column.look) for column in columns),
        rows=tuple(tuple(column.cell(row) for column in columns) for row in rows),
        hint=hint,
    )


def source_cell(source: str) -> Cell:
    """Return a source with how sure it is."""
    known = provenance(source)
    return Cell(text=known.text, status=known.word, tone=known.tone)


def download(tables: Sequence[Table], *, kind: str, name: str, actor: Actor) -> HttpResponse:
    """Return one of the tables as a file; the first when none is named.

    :raises InvalidInput: neither csv nor xlsx was asked for, or no such table.
    :raises NotPermitted: the actor may not export.
    """
    accounts.permit(actor, Permission.EXPORT)
    chosen = next((one for one in tables if one.name == (name or tables[0].name)), None)
    if chosen is None:
        raise InvalidInput(f"没有名为“{name}”的表，请从页面上的导出菜单选择。", field="table")
    rows = [[cell.plain for cell in row] for row in chosen.rows]
    heads = [label for label, _ in chosen.heads]
    content, content_type = as_file(kind, heads, rows, zone=timezone.get_current_timezone())
    answer = HttpResponse(content, content_type=content_type)
    file_name = f"{gettext(chosen.title)}-{timezone.localdate():%Y%m%d}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    return answer
