"""A matrix of responsibility read from a sheet, judged against the rules in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places import interface as places
from chengzhi.standards import store
from chengzhi.standards.importing import Fault, Line, read_lines, read_sheets
from chengzhi.standards.importing.sheets import key_text
from chengzhi.standards.types import StandardBroken
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.routing import rule_book
from chengzhi.workorders.queries.trial import draft_row, trial
from chengzhi.workorders.rules import matrix as words
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.matrix import MATRIX_GRAMMAR, Unreadable
from chengzhi.workorders.rules.routing import WRITERS
from chengzhi.workorders.types import DryRun, RoutingRow, RuleDraft

MOST_BYTES = 1_000_000
MOST_RULES = 2_000
Key = tuple[str | int, ...]


class MatrixDeed(StrEnum):
    """What an import does to one rule."""

    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


MATRIX_DEED_LABELS: dict[MatrixDeed, str] = {
    MatrixDeed.NEW: "新增",
    MatrixDeed.CHANGED: "修改",
    MatrixDeed.ENDED: "停用",
    MatrixDeed.UNCHANGED: "不变",
}


@dataclass(frozen=True, kw_only=True)
class MatrixLine:
    """One rule of the import: the draft that would be written, the rule that would end."""

    deed: MatrixDeed
    row: RoutingRow  # as people read it
    unit_name: str
    number: int = 0  # of the sheet's row
    draft: RuleDraft | None = None
    ends: int = 0


@dataclass(frozen=True, kw_only=True)
class MatrixPlan:
    """A whole import, judged and not written."""

    line_count: int
    lines: tuple[MatrixLine, ...]
    faults: tuple[Fault, ...]
    tried: DryRun

    def count(self, deed: MatrixDeed) -> int:
        """Return how many rules meet a deed."""
        return sum(line.deed is deed for line in self.lines)

    @property
    def changes(self) -> tuple[MatrixLine, ...]:
        """The lines that would write something."""
        return tuple(line for line in self.lines if line.deed is not MatrixDeed.UNCHANGED)


def judge_matrix(
    actor: Actor, content: bytes, *, file_name: str, is_whole: bool, now: datetime
) -> MatrixPlan:
    """Return what a sheet would change; `is_whole` ends the rules that it does not have.

    :raises NotPermitted: the actor may not change the rules.
    :raises InvalidInput: the file as a whole cannot be read.
    """
    accounts.require(actor, *WRITERS)
    if len(content) > MOST_BYTES:
        raise InvalidInput("权责矩阵的文件不能超过 1 MB，请分成几个文件再导入。", field="file")
    try:
        lines, faults = read_lines(read_sheets(content, name=file_name), MATRIX_GRAMMAR)
    except StandardBroken as error:
        raise InvalidInput(error.sentence, field="file") from error
    if len(lines) > MOST_RULES:
        raise InvalidInput(f"一次最多导入 {MOST_RULES} 条规则，请分次导入。", field="file")
    reader = _Reader(actor, now=now)
    drafts = reader.read_all(lines)
    made = _judged(actor, drafts, is_whole=is_whole, now=now)
    return MatrixPlan(
        line_count=len(lines),
        lines=tuple(made),
        faults=(*faults, *reader.faults),
        tried=_tried(actor, made, now=now),
    )


def _tried(actor: Actor, made: list[MatrixLine], *, now: datetime) -> DryRun:
    add = tuple(line.row for line in made if line.draft is not None)
    return trial(actor, add=add, end=frozenset(line.ends for line in made if line.ends), now=now)


def _judged(
    actor: Actor, drafts: list[tuple[Line, RuleDraft]], *, is_whole: bool, now: datetime
) -> list[MatrixLine]:
    known = directory(actor.county, now=now)
    cards = rule_book(actor, now=now, size=1).in_force
    in_force = {_key_of(card.row): card.row for card in cards}
    made: list[MatrixLine] = []
    kept: set[Key] = set()
    for number, (line, draft) in enumerate(drafts):
        row = draft_row(draft, actor.county, now=now, number=number)
        key = _key_of(row)
        kept.add(key)
        made.append(_line(line, draft, row, in_force.get(key), known))
    if is_whole:
        left = (row for key, row in in_force.items() if key not in kept)
        made += [
            MatrixLine(
                deed=MatrixDeed.ENDED, row=row, unit_name=known.unit_name(row.unit), ends=row.id
            )
            for row in left
        ]
    return made


def _line(
    line: Line, draft: RuleDraft, row: RoutingRow, before: RoutingRow | None, known: Directory
) -> MatrixLine:
    name = known.unit_name(draft.unit)
    if before is None:
        return MatrixLine(
            deed=MatrixDeed.NEW, row=row, unit_name=name, number=line.row, draft=draft
        )
    same = (before.unit, before.person, before.note) == (draft.unit, draft.person, draft.note)
    if same and not before.flag:
        return MatrixLine(deed=MatrixDeed.UNCHANGED, row=before, unit_name=name, number=line.row)
    return MatrixLine(
        deed=MatrixDeed.CHANGED,
        row=row,
        unit_name=name,
        number=line.row,
        draft=draft,
        ends=before.id,
    )


def _key_of(row: RoutingRow) -> Key:
    return (
        row.matter_prefix, row.condition_number, row.area_prefix, row.road, row.road_metres,
        row.layer, row.weekdays, row.slot, row.handler_kind,
    )  # fmt: skip


class _Reader:
    """Reads cells by code or by name; what is neither is a fault, never a guess."""

    def __init__(self, actor: Actor, *, now: datetime) -> None:
        self.faults: list[Fault] = []
        self._on, county = civil_date(now), actor.county
        known = directory(county, now=now)
        standards = store.current()
        matters = standards.matters(on=self._on)
        self._matters = _both(
            [
                *((row.code, row.name) for row in matters),
                *{(r.major, r.major_name) for r in matters},
            ]
        )
        grids = [
            (grid.code, f"{known.towns.get(grid.town, '')} {grid.name}")
            for grid in places.grid_refs(county)
        ]
        divisions = [(row.code, row.name) for row in places.divisions(county)]
        self._areas, self._towns = _both([*divisions, *grids]), known.towns
        self._kinds = _both((kind.code, kind.name) for kind in standards.handler_kinds(on=self._on))
        self._units = _both(known.handlers.items())
        self._roads = _both(places.road_list(county))

    def read_all(self, lines: Iterable[Line]) -> list[tuple[Line, RuleDraft]]:
        """Return what can be read, each rule once."""
        found: dict[RuleDraft, Line] = {}
        drafts: list[tuple[Line, RuleDraft]] = []
        for line in lines:
            try:
                draft = self._draft(line)
            except Unreadable as error:
                self._say(line, error.column, error.reason)
                continue
            if draft is None:
                continue
            bare = replace(draft, unit="", person="", note="", valid_from=None, valid_to=None)
            if bare in found:
                self._say(line, "matter", f"与第 {found[bare].row} 行的规则相同，后面这行没有采用")
                continue
            found[bare] = line
            drafts.append((line, draft))
        return drafts

    def _say(self, line: Line, column: str, reason: str) -> None:
        self.faults.append(
            Fault(
                sheet=line.sheet, row=line.row, column=MATRIX_GRAMMAR.label(column),
                text=line.value(column), reason=reason,
            )
        )  # fmt: skip

    def _draft(self, line: Line) -> RuleDraft | None:
        """Return the rule of a line; nothing for one that has ended already."""
        ends = words.day_of(line.value("valid_to"), "valid_to")
        if ends is not None and ends <= self._on:
            return None
        unit = self._known("unit", line, self._units, "本县没有这个处置单位，或它已撤销")
        if not unit:
            raise Unreadable("unit", "没有写处置单位")
        starts = words.day_of(line.value("valid_from"), "valid_from")
        road = self._known("road", line, self._roads, "道路表中没有这条道路")
        metres = words.whole_number(line.value("road_metres"), "road_metres")
        if bool(road) != bool(metres) or metres > 2000:
            raise Unreadable("road_metres", "写了道路须写两侧多少米（1 至 2000），反之亦然")
        matter = self._known("matter", line, self._matters, "没有这个事项或大类")
        return RuleDraft(
            unit=unit,
            matter_prefix=matter,
            condition_number=self._condition(line, matter),
            area_prefix=self._area(line),
            road=road,
            road_metres=metres,
            layer="" if words.is_any(line.value("layer")) else line.value("layer")[:60],
            weekdays=words.weekdays_of(line.value("weekdays")),
            slot=words.slot_of(line.value("slot")),
            handler_kind=self._known("kind", line, self._kinds, "没有这类处置单位"),
            person=self._person(line, unit),
            note=line.value("note")[:200],
            valid_from=starts if starts and starts > self._on else None,
            valid_to=ends,
        )

    def _known(self, key: str, line: Line, known: Mapping[str, str], reason: str) -> str:
        text = line.value(key)
        if words.is_any(text):
            return ""
        first = text.split()[0]
        found = known.get(key_text(text)) or (known.get(first) if first.isascii() else None)
        if found is None:
            raise Unreadable(key, reason)
        return found

    def _area(self, line: Line) -> str:
        text = key_text(line.value("area"))
        is_cell = text.isascii() and text.isalnum() and text[:9] in self._towns
        if is_cell and len(text) <= 20:
            return text
        return self._known("area", line, self._areas, "不是本县的街道（乡镇）、社区或责任网格")

    def _condition(self, line: Line, matter: str) -> int:
        number = words.whole_number(line.value("condition_number"), "condition_number")
        rows = store.current().handling_versions(matter)
        if number and number not in {row.condition_no for row in rows}:
            raise Unreadable("condition_number", "该事项没有这种情形；写情形须先写一个事项")
        return number

    def _person(self, line: Line, unit: str) -> str:
        text = line.value("person")
        if words.is_any(text):
            return ""
        people = accounts.people_in(unit, on=self._on)
        found = [person.ref for person in people if text in (person.name, person.ref)]
        if len(found) != 1:
            why = "单位中有同名的人，请写人员编号" if found else "责任人不在这个单位，或已离岗"
            raise Unreadable("person", why)
        return found[0]


def _both(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return code by code and by name; a name that two share is left out, so nobody guesses."""
    codes: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for code, name in pairs:
        codes[code] = code
        names.setdefault(key_text(name), []).append(code)
    return {name: found[0] for name, found in names.items() if len(found) == 1} | codes
