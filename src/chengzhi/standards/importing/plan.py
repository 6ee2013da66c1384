"""What an import would change: new, changed, closed and unchanged rows against what is in force.

Nothing is ever deleted: a row that changes is closed by its `valid_to` and stays in the table, so
an old record keeps the row that it was filed under.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chengzhi.kernel.clock import CountRules
from chengzhi.standards.importing.comparing import content
from chengzhi.standards.importing.grammar import HANDLING_GRAMMAR
from chengzhi.standards.importing.reading import Read, handler_of, read_rows
from chengzhi.standards.importing.sheets import Fault, key_text, read_lines, read_sheets
from chengzhi.standards.store import Standards
from chengzhi.standards.types import (
    Category,
    CategoryMap,
    HandlingRow,
    Kind,
    Scheme,
    StandardBroken,
    holds,
)

LOCAL = "local"
FIRST_LOCAL = 901  # small codes from here on are a county's own


class Deed(StrEnum):
    """What an import does to one row."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    UNCHANGED = "unchanged"


DEED_LABELS: dict[Deed, str] = {
    Deed.NEW: "新增",
    Deed.CHANGED: "修改",
    Deed.CLOSED: "停用",
    Deed.UNCHANGED: "不变",
}


@dataclass(frozen=True, kw_only=True)
class Import:
    """What a person asks for: the file, the scheme it is kept under, and from which day."""

    content: bytes
    file_name: str
    scheme: str
    valid_from: date
    kind: Kind | None = None  # of a file that does not say whether it lists components or matters
    registers: bool = False  # whether categories that stand for no matter become local matters


@dataclass(frozen=True, kw_only=True)
class Change:
    """One condition row of one matter before and after."""

    deed: Deed
    before: HandlingRow | None
    after: HandlingRow | None
    sheet: str = ""
    row: int = 0

    @property
    def shown(self) -> HandlingRow:
        """The row as it will stand, or as it stood last."""
        found = self.after or self.before
        assert found is not None, "a change has a row before or after"
        return found

    @property
    def differences(self) -> tuple[tuple[str, str, str], ...]:
        """What changed: label, was, is."""
        if self.deed is not Deed.CHANGED or self.before is None or self.after is None:
            return ()
        was, now = content(self.before), content(self.after)
        return tuple((label, was[label], now[label]) for label in was if was[label] != now[label])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The whole of an import, judged and not yet written."""

    asked: Import
    line_count: int
    read_count: int
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]
    scheme: Scheme | None  # to be registered
    matters: tuple[Category, ...]  # local matters to be registered
    maps: tuple[CategoryMap, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The rows that could not be read."""
        return tuple(fault for fault in self.faults if not fault.is_warning)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The rows that were read with a doubt."""
        return tuple(fault for fault in self.faults if fault.is_warning)

    def count(self, deed: Deed) -> int:
        """Return how many condition rows meet a deed."""
        return sum(change.deed is deed for change in self.changes)

    @property
    def touched(self) -> frozenset[str]:
        """The matters of which any row changes."""
        return frozenset(
            c.shown.category_code for c in self.changes if c.deed is not Deed.UNCHANGED
        )


def judge(asked: Import, standards: Standards) -> Plan:
    """Return what the import would change; reads everything, writes nothing.

    :raises StandardBroken: the file as a whole cannot be read.
    """
    if not 0 < len(asked.scheme) <= 40:
        raise StandardBroken("标准名称应有 1 至 40 字，例如“立结案标准 2026”。", field="scheme")
    lines, faults = read_lines(read_sheets(asked.content, name=asked.file_name), HANDLING_GRAMMAR)
    rows, unread = read_rows(lines, standards, on=asked.valid_from, kind=asked.kind)
    planner = _Planner(asked, standards)
    changes = planner.lay_over(rows)
    order = {(line.sheet, line.row): n for n, line in enumerate(lines)}
    found = sorted(
        [*faults, *unread, *planner.faults], key=lambda f: order.get((f.sheet, f.row), -1)
    )
    lost = {(f.sheet, f.row) for f in found if not f.is_warning}
    return Plan(
        asked=asked,
        line_count=len(lines),
        read_count=sum((line.sheet, line.row) not in lost for line in lines),
        faults=tuple(found),
        changes=tuple(changes),
        scheme=planner.new_scheme(),
        matters=tuple(planner.minted.values()),
        maps=tuple(planner.maps),
    )


class _Planner:
    def __init__(self, asked: Import, standards: Standards) -> None:
        self.asked, self.standards, self.on = asked, standards, asked.valid_from
        self.faults: list[Fault] = []
        self.minted: dict[tuple[Kind, str], Category] = {}
        self.maps: list[CategoryMap] = []
        self._matters = {row.code: row.name for row in standards.matters(on=self.on)}
        self._by_name = {name: code for code, name in self._matters.items()}
        aliases = standards.handler_aliases_by_word
        self._aliases = {
            word: row.handler
            for word, rows in aliases.items()
            for row in rows
            if holds(row, self.on)
        }

    def say(
        self, read: Read, key: str, text: str, reason: str, *, is_warning: bool = False
    ) -> None:
        self.faults.append(
            Fault(
                sheet=read.line.sheet, row=read.line.row, column=HANDLING_GRAMMAR.label(key),
                text=text, reason=reason, is_warning=is_warning,
            )
        )  # fmt: skip

    def new_scheme(self) -> Scheme | None:
        """Return the scheme to register, unless it is known."""
        if self.asked.scheme in self.standards.schemes:
            return None
        return Scheme(
            code=self.asked.scheme, name=self.asked.scheme, source=self._source,
            valid_from=self.on, valid_to=None,
        )  # fmt: skip

    @property
    def _source(self) -> str:
        return f"{self.asked.scheme}（{self.asked.file_name}）"

    def lay_over(self, rows: Iterable[Read]) -> list[Change]:
        """Return the changes of every matter that the file names."""
        by_matter: dict[str, list[Read]] = {}
        for read in rows:
            for code in self._targets(read):
                self._take(by_matter.setdefault(code, []), read)
        return [change for code, found in by_matter.items() for change in self._matter(code, found)]

    def _take(self, found: list[Read], read: Read) -> None:
        for before in found:
            if key_text(before.filing) == key_text(read.filing):
                if before.line is not read.line:
                    reason = (
                        f"同一类别的这个立案条件在第 {before.line.row} 行已有，后面这行没有采用"
                    )
                    self.say(read, "filing", read.filing, reason, is_warning=True)
                return
        found.append(read)

    # Which matter ------------------------------------------------------------------------------

    def _targets(self, read: Read) -> list[str]:
        if len(read.code) == 5:
            return self._five_digits(read)
        mapped = self.standards.mapped_matters(read.kind, read.code, on=self.on)
        found = [code for code in mapped if code in self._matters] or self._named(read)
        if found:
            return found
        if not self.asked.registers:
            reason = (
                "这个类别没有对应的 5 位事项编码，没有导入。请在 category_maps.csv 写明对应，"
                "或在导入时选择“登记为本地事项”"
            )
            self.say(read, "name", f"{read.code} {read.name}", reason)
            return []
        return [self._mint(read).code]

    def _five_digits(self, read: Read) -> list[str]:
        if read.code not in self._matters:
            self.say(read, "code", read.code, "标准中没有这个编码的事项，请核对，或先登记本地事项")
            return []
        name = self._matters[read.code]
        if key_text(read.name) not in (name, name.removesuffix("异常")):
            reason = f"标准中 {read.code} 叫“{name}”，以编码为准"
            self.say(read, "name", read.name, reason, is_warning=True)
        return [read.code]

    def _named(self, read: Read) -> list[str]:
        name = key_text(read.name)
        wanted = f"{name}异常" if read.kind is Kind.COMPONENT else name
        return [self._by_name[wanted]] if wanted in self._by_name else []

    def _mint(self, read: Read) -> Category:
        """Return a new local matter for a category of the city's own (本地扩展)."""
        known = self.minted.get((read.kind, read.code))
        if known is not None:
            return known
        major, major_name = self._major(read)
        number = FIRST_LOCAL
        taken = {*self.standards.matters_by_code, *(row.code for row in self.minted.values())}
        while f"{major}{number}" in taken:
            number += 1
        suffix = "异常" if read.kind is Kind.COMPONENT else ""
        made = Category(
            scheme=LOCAL, kind=Kind.MATTER, code=f"{major}{number}",
            name=f"{key_text(read.name)}{suffix}", major=major, major_name=major_name,
            source=self._source, valid_from=self.on, valid_to=None,
        )  # fmt: skip
        self.minted[(read.kind, read.code)] = made
        self.maps.append(
            CategoryMap(
                kind=read.kind, code=read.code, name=read.name, matter_code=made.code,
                source=self._source, valid_from=self.on, valid_to=None,
            )
        )  # fmt: skip
        return made

    def _major(self, read: Read) -> tuple[str, str]:
        """Return the class that most of the city's neighbouring categories stand in."""
        maps = self.standards.maps_by_category.values()
        near = Counter(
            row.matter_code[:2]
            for rows in maps
            for row in rows
            if row.kind is read.kind and row.code[:2] == read.code[:2]
        )
        majors = {row.major: row.major_name for row in self.standards.matters(on=self.on)}
        major = near.most_common(1)[0][0] if near else max(majors)
        return major, majors[major]

    # What changes ------------------------------------------------------------------------------

    def _matter(self, code: str, found: list[Read]) -> list[Change]:
        versions = self.standards.handling_versions(code)
        in_force = [row for row in versions if holds(row, self.on)]
        changes = list(self._compared(code, found, in_force))
        later = [row.valid_from for row in versions if row.valid_from >= self.on]
        if later and any(change.deed is not Deed.UNCHANGED for change in changes):
            reason = f"已有 {max(later).isoformat()} 起施行的版本，生效日期须晚于这一天"
            for read in found:
                self.say(read, "name", f"{code} {read.name}", reason)
            return []
        self._warn_findings(found, changes)
        return changes

    def _compared(
        self, code: str, found: list[Read], in_force: list[HandlingRow]
    ) -> Iterator[Change]:
        pairs = _paired(found, in_force)
        free = max((row.condition_no for row in in_force), default=0)
        for read, before in pairs:
            free += before is None
            number = before.condition_no if before else free
            handler = self._handler(read, before, in_force)
            if not handler:
                reason = "看不出由哪类单位处置，请加“处置单位类型”一列"
                self.say(read, "handler", read.handler_text, reason)
                if before is not None:
                    yield Change(deed=Deed.UNCHANGED, before=before, after=before)
                continue
            after = self._row(code, number, read, handler, before)
            yield _change(before, after, read)
        kept = {id(before) for _, before in pairs}
        for row in in_force:
            if id(row) not in kept:
                yield Change(deed=Deed.CLOSED, before=row, after=None)

    def _handler(self, read: Read, before: HandlingRow | None, in_force: list[HandlingRow]) -> str:
        """Return the kind of handler: as the file says it, as it is, or as its words tell."""
        known = before or next(iter(in_force), None)
        return read.handler or (
            known.handler if known else handler_of(read.handler_text, self._aliases)
        )

    def _row(
        self, code: str, number: int, read: Read, handler: str, before: HandlingRow | None
    ) -> HandlingRow:
        minted = self.minted.get((read.kind, read.code))
        return HandlingRow(
            scheme=self.asked.scheme,
            kind=Kind.MATTER,
            category_code=code,
            category_name=self._matters.get(code) or (minted.name if minted else read.name),
            condition_no=number,
            filing_condition=read.filing,
            closing_condition=read.closing,
            limit=read.limit.limit,
            limit_text=read.limit.canonical,
            seasonal=read.limit.seasonal,
            rules=before.rules if before else CountRules(),
            handler=handler,
            handler_text=read.handler_text,
            authority=read.authority,
            basis=read.basis,
            guide=read.guide,
            origin=f"{read.kind} {read.code}",
            source=self._source,
            valid_from=self.on,
            valid_to=None,
        )

    def _warn_findings(self, found: list[Read], changes: list[Change]) -> None:
        closed = {c.before.condition_no for c in changes if c.deed is Deed.CLOSED and c.before}
        code = changes[0].shown.category_code if changes else ""
        for kind in self.standards.finding_kinds(on=self.on):
            if kind.matter_code == code and kind.condition_no in closed:
                reason = f"抓拍类型“{kind.name}”按第 {kind.condition_no} 种条件立案，本次停用了它"
                self.say(found[0], "filing", found[0].filing, reason, is_warning=True)


def _paired(
    found: list[Read], in_force: list[HandlingRow]
) -> list[tuple[Read, HandlingRow | None]]:
    """Pair by the filing condition's words, then by its place in the table."""
    by_words = {key_text(row.filing_condition): row for row in in_force}
    pairs = [(read, by_words.pop(key_text(read.filing), None)) for read in found]
    left = {row.condition_no: row for row in by_words.values()}
    return [
        (read, before or left.pop(place, None))
        for place, (read, before) in enumerate(pairs, start=1)
    ]


def _change(before: HandlingRow | None, after: HandlingRow, read: Read) -> Change:
    deed = Deed.NEW
    if before is not None:
        deed = Deed.UNCHANGED if content(before) == content(after) else Deed.CHANGED
    return Change(deed=deed, before=before, after=after, sheet=read.line.sheet, row=read.line.row)


def closed(row: HandlingRow, on: date) -> HandlingRow:
    """Return the row as it ends on a day."""
    return replace(row, valid_to=on)
