"""The matters of the standards: found by words, class and handler, with their condition rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from chengzhi.site.web.standards.tables import Cell, Column, Table, source_cell, table
from chengzhi.site.web.standards.words import in_force, length
from chengzhi.standards.store import Standards
from chengzhi.standards.types import Category, HandlingRow

SIZE = 50
LOCAL = "local"
BASES = ("standard", "local", "unconfirmed")
BASIS_LABELS = {"standard": "国家标准", "local": "本地扩展", "unconfirmed": "条件待核定"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the list of matters is narrowed to."""

    text: str = ""
    major: str = ""
    handler: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One matter with all that the standards say of it on a day."""

    row: Category
    conditions: tuple[HandlingRow, ...]
    handlers: dict[str, str]
    hint: str = ""
    confused_with: tuple[tuple[str, str], ...] = ()

    @property
    def limits(self) -> str:
        """The different limits of its conditions."""
        return "、".join(dict.fromkeys(limit_words(row) for row in self.conditions))

    @property
    def handler_names(self) -> str:
        """Who handles it, each once."""
        return "、".join(dict.fromkeys(self.handler_name(row) for row in self.conditions))

    @property
    def is_local(self) -> bool:
        """Whether the county added it to the national table."""
        return self.row.scheme == LOCAL

    @property
    def is_unconfirmed(self) -> bool:
        """Whether no city's table stands behind a condition."""
        return any(row.is_default for row in self.conditions)

    def handler_name(self, row: HandlingRow) -> str:
        """Return the name of the kind of handler that a condition asks for."""
        return self.handlers.get(row.handler, row.handler)


@dataclass(frozen=True, kw_only=True)
class MatterPage:
    """One page of matters in order of code, with the keys of the pages beside it."""

    rows: tuple[Matter, ...]
    total: int
    previous: str
    next: str


def read_matter(standards: Standards, row: Category, *, on: date) -> Matter:
    """Return a matter with its conditions, its hint and what it is confused with."""
    hint = standards.hint(row.code, on=on)
    names = {other.code: other.name for other in standards.matters(on=on)} if hint else {}
    return Matter(
        row=row,
        conditions=tuple(_conditions(standards, row.code, on=on)),
        handlers={kind.code: kind.name for kind in standards.handler_kinds(on=on)},
        hint=hint.hint if hint else "",
        confused_with=tuple((code, names.get(code, code)) for code in hint.confused_with)
        if hint
        else (),
    )


def _conditions(standards: Standards, code: str, *, on: date) -> list[HandlingRow]:
    """Return every condition in force, out of season or not, in order."""
    rows = [*standards.handling_rows(code, on=on), *standards.out_of_season(code, on=on)]
    return sorted(rows, key=lambda row: row.condition_no)


def limit_words(row: HandlingRow) -> str:
    """Return a limit as people read it; a seasonal one names its seasons."""
    if not row.seasonal:
        return length(row.limit)
    return "；".join(f"{part.words} {length(part.limit)}" for part in row.seasonal)


def found(standards: Standards, asked: Asked, *, on: date) -> list[Matter]:
    """Return the matters that the filters leave, by code."""
    rows = [read_matter(standards, row, on=on) for row in standards.matters(on=on)]
    return [matter for matter in rows if _fits(matter, asked)]


def _fits(matter: Matter, asked: Asked) -> bool:
    return (
        matter.row.major.startswith(asked.major)
        and (not asked.handler or asked.handler in {row.handler for row in matter.conditions})
        and asked.text.casefold() in _words(matter)
        and _stands_on(matter, asked.basis)
    )


def _words(matter: Matter) -> str:
    said = [row.filing_condition for row in matter.conditions]
    return " ".join([matter.row.code, matter.row.name, matter.hint, *said]).casefold()


def _stands_on(matter: Matter, basis: str) -> bool:
    if basis == "unconfirmed":
        return matter.is_unconfirmed
    return not basis or matter.is_local == (basis == "local")


def paged(matters: list[Matter], *, after: str, before: str) -> MatterPage:
    """Return one page by key: codes above `after`, or the last ones below `before`."""
    codes = [matter.row.code for matter in matters]
    if before:
        end = sum(code < before for code in codes)
        start = max(0, end - SIZE)
    else:
        start = sum(code <= after for code in codes)
        end = start + SIZE
    rows = tuple(matters[start:end])
    return MatterPage(
        rows=rows,
        total=len(matters),
        previous=rows[0].row.code if rows and start > 0 else "",
        next=rows[-1].row.code if rows and end < len(matters) else "",
    )


def majors(standards: Standards, *, on: date) -> list[tuple[str, str]]:
    """Return the classes (大类) of the matters in force, by code."""
    return sorted({(row.major, row.major_name) for row in standards.matters(on=on)})


def condition_table(matter: Matter) -> Table:
    """Return the conditions of one matter: when it is filed, closed, by when, by whom."""
    columns = [
        Column[HandlingRow](label=gettext("序号"), look="num", fill=lambda r: str(r.condition_no)),
        Column[HandlingRow](label=gettext("立案条件"), look="wide", fill=_filing_cell),
        Column[HandlingRow](
            label=gettext("结案条件"), look="wide", fill=lambda r: r.closing_condition
        ),
        Column[HandlingRow](label=gettext("处置时限"), look="nowrap", fill=limit_words),
        Column[HandlingRow](
            label=gettext("处置单位"),
            fill=lambda r: Cell(text=matter.handler_name(r), note=r.handler_text),
        ),
        Column[HandlingRow](
            label=gettext("来源"), look="wide", fill=lambda r: source_cell(r.source)
        ),
        Column[HandlingRow](label=gettext("施行"), look="nowrap", fill=in_force),
    ]
    return table("conditions", gettext("立案、结案条件与时限"), columns, matter.conditions)


def _filing_cell(row: HandlingRow) -> Cell:
    return Cell(text=row.filing_condition, note=" ".join(filter(None, (row.guide, row.basis))))


Line = tuple[Matter, HandlingRow]


def matter_file(matters: Iterable[Matter]) -> Table:
    """Return the matters for a file: one line for each condition."""
    lines = [(matter, row) for matter in matters for row in matter.conditions]
    columns = [
        Column[Line](label=gettext("代码"), fill=lambda r: r[0].row.code),
        Column[Line](label=gettext("名称"), fill=lambda r: r[0].row.name),
        Column[Line](label=gettext("大类"), fill=lambda r: r[0].row.major_name),
        Column[Line](label=gettext("序号"), fill=lambda r: str(r[1].condition_no)),
        Column[Line](label=gettext("立案条件"), fill=lambda r: r[1].filing_condition),
        Column[Line](label=gettext("结案条件"), fill=lambda r: r[1].closing_condition),
        Column[Line](label=gettext("处置时限"), fill=lambda r: limit_words(r[1])),
        Column[Line](label=gettext("处置单位"), fill=lambda r: r[0].handler_name(r[1])),
        Column[Line](label=gettext("辨识要点"), fill=lambda r: r[0].hint),
        Column[Line](label=gettext("来源"), fill=lambda r: source_cell(r[1].source)),
        Column[Line](label=gettext("施行"), fill=lambda r: in_force(r[1])),
    ]
    return table("matters", gettext("事项"), columns, lines)


def matter_link(standards: Standards, code: str, *, on: date) -> Cell:
    """Return a matter as a cell that opens it."""
    known = [row.name for row in standards.matters_by_code.get(code, ())]
    url = f"{reverse('standards-matter', args=[code])}?on={on.isoformat()}" if known else ""
    return Cell(text=f"{code} {known[-1]}" if known else code, url=url)
