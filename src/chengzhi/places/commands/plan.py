"""What an import is about to do: its records judged so far, and how they will be written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from chengzhi.accounts.types import Actor
from chengzhi.places.rules.features import Draft
from chengzhi.places.types import ImportLine, PlaceKind, Verdict


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The records of one import. A judge refuses records, adds notes and sets the writer."""

    kind: PlaceKind
    county: str
    on: date
    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()
    standing: Mapping[str, Any] = field(default_factory=dict)  # code → row of the database
    unchanged: frozenset[str] = frozenset()
    writer: "Callable[[Plan, Actor, datetime], None] | None" = None

    def lines(self) -> tuple[ImportLine, ...]:
        """Return the verdict on each record."""
        return tuple(line_of(draft, same=self.unchanged) for draft in self.drafts)

    def judged(self, judge: Callable[[Draft], str]) -> "Plan":
        """Return the plan with each record refused that the judge has a sentence against."""
        return replace(self, drafts=tuple(_refused(draft, judge) for draft in self.drafts))

    def against(self, sentences: Mapping[int, str]) -> "Plan":
        """Return the plan with the records refused whose numbers have a sentence."""
        return self.judged(lambda draft: sentences.get(draft.number, ""))

    def noting(self, *notes: str) -> "Plan":
        """Return the plan with more notes; empty ones are left out."""
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))

    def sound(self) -> list[Draft]:
        """Return the records that nothing stands against so far."""
        return [draft for draft in self.drafts if not draft.refused]

    def to_write(self) -> list[Draft]:
        """Return the records that change something."""
        return [draft for draft in self.sound() if draft.code not in self.unchanged]

    def write(self, *, actor: Actor, now: datetime) -> bool:
        """Write the plan; return whether anything changed."""
        if not self.to_write():
            return False
        assert self.writer is not None, "a judge sets the writer"
        self.writer(self, actor, now)
        return True


def line_of(draft: Draft, *, same: frozenset[str] = frozenset()) -> ImportLine:
    """Return the verdict on one record; `same` holds the codes that change nothing."""
    unchanged = draft.verdict is Verdict.OK and draft.code in same
    return ImportLine(
        number=draft.number,
        code=draft.code,
        name=draft.name,
        verdict=Verdict.UNCHANGED if unchanged else draft.verdict,
        sentence=draft.refused or "；".join(draft.mended),
    )


def _refused(draft: Draft, judge: Callable[[Draft], str]) -> Draft:
    sentence = "" if draft.refused else judge(draft)
    return draft.refuse(sentence) if sentence else draft


def once(plan: Plan) -> Plan:
    """Refuse each record whose code came before in the same file."""
    seen: dict[str, int] = {}
    again: dict[int, str] = {}
    for draft in plan.sound():
        first = seen.setdefault(draft.code, draft.number)
        if first != draft.number:
            again[draft.number] = f"编码{draft.code}与第{first}条重复。"
    return plan.against(again)


def of_county(plan: Plan) -> Plan:
    """Refuse each record whose code lies outside the actor's county."""
    return plan.judged(
        lambda draft: (
            ""
            if draft.code.startswith(plan.county)
            else f"编码{draft.code or '（空）'}不属于本县（{plan.county}）。"
        )
    )
