"""Who is responsible for what, where and when (权责矩阵), and what it says of one work order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chengzhi.places.types import Located


@dataclass(frozen=True, kw_only=True)
class RoutingRow:
    """A routing rule: which unit handles what, where and when (派遣规则).

    An empty value does not narrow. `road` with `road_metres` means "within so many metres of it";
    `layer` names a polygon that was loaded under that name; `weekdays` are digits from 1, Monday;
    `slot` is "18:00-06:00", which may run past midnight. The names are for people.
    """

    id: int
    matter_prefix: str
    area_prefix: str  # division, cell or patrol grid code; empty means the whole county
    handler_kind: str  # what the condition row asks for; empty means any
    unit: str
    note: str = ""
    condition_number: int = 0
    road: str = ""
    road_metres: int = 0
    layer: str = ""
    weekdays: str = ""
    slot: str = ""
    person: str = ""
    flag: str = ""  # why it is not used, if somebody or the system said so
    matter_name: str = ""
    area_name: str = ""
    road_name: str = ""
    kind_name: str = ""
    person_name: str = ""
    is_person_gone: bool = False
    valid_from: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """What a rule is asked about: a matter under a condition, at a place, at a moment."""

    matter: str
    place: Located
    at: datetime
    handler_kind: str = ""
    condition_number: int = 0
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, kw_only=True)
class Duty:
    """The unit whose turn it is in a grid at a moment, and the sentence that says why."""

    unit: str
    reason: str


Coverage = Callable[[str, datetime], Duty | None]
"""Patrol grid and moment → whose turn it is; None where no plan says. A plan of coverage gives it."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A unit that a person may choose where no rule answers, with what speaks for it."""

    unit: str
    unit_name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Who should handle it, and why in sentences. An empty unit means that a person decides."""

    unit: str
    unit_name: str
    reasons: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    rule: int = 0
    person: str = ""
    person_name: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleCard:
    """A routing rule as people read it; an empty name means that it does not narrow."""

    row: RoutingRow
    matter_name: str
    area_name: str
    kind_name: str
    unit_name: str
    is_unit_gone: bool
    valid_from: date
    valid_to: date | None
    place_text: str = ""
    time_text: str = ""
    is_layer_missing: bool = False


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """The routing rules in the order in which they are asked, and one page of ended ones."""

    in_force: tuple[RuleCard, ...]
    ended: tuple[RuleCard, ...]
    ended_count: int
    next_key: int | None

    @property
    def faulty_count(self) -> int:
        """How many rules in force name somebody gone or a layer that is not there."""
        return sum(
            card.is_unit_gone or card.row.is_person_gone or card.is_layer_missing
            for card in self.in_force
        )


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One work order of the past that a change of rules would have sent elsewhere."""

    id: int
    code: str
    matter_name: str
    address: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What a change of rules would have meant for the work orders filed in the last weeks."""

    since: date
    looked: int
    moves: tuple[tuple[str, str, int], ...]  # from, to, how many; empty name: a person decides
    examples: tuple[Moved, ...]

    @property
    def changed(self) -> int:
        """How many would have gone elsewhere."""
        return sum(count for _, _, count in self.moves)


@dataclass(frozen=True, kw_only=True)
class LayerCard:
    """A polygon that rules may name."""

    id: int
    title: str
    loaded_on: date
    rule_count: int


@dataclass(frozen=True, kw_only=True)
class PickUnit:
    """A unit as the picker shows it: what kind, for what, and who is there."""

    code: str
    title: str
    kind_label: str
    about: str
    person: str


@dataclass(frozen=True, kw_only=True)
class RuleDraft:
    """A routing rule as somebody writes it; `RoutingRow` says what each part means."""

    unit: str
    matter_prefix: str = ""
    condition_number: int = 0
    area_prefix: str = ""
    road: str = ""
    road_metres: int = 0
    layer: str = ""
    weekdays: str = ""
    slot: str = ""
    handler_kind: str = ""
    person: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
