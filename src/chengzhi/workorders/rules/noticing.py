"""Levels of notices, and the guards of their procedure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from chengzhi.accounts.types import Role
from chengzhi.kernel.clock import Duration
from chengzhi.standards.limit_text import parse_limit
from chengzhi.workorders.types.notices import NoticeFacts, NoticeKind

URGING = "urging"


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level of notice: who may issue it, how long the unit has, who then confirms the end."""

    code: str
    label: str
    limit: Duration
    urgent: Duration
    roles: frozenset[Role]
    leader_confirms: bool
    source: str

    @property
    def kind(self) -> NoticeKind:
        """Whether it urges or supervises."""
        return NoticeKind.URGING if self.code == URGING else NoticeKind.SUPERVISION

    def limit_for(self, handling: Duration | None) -> Duration:
        """Return the limit; the urgent one where the work order's own limit is urgent."""
        return self.urgent if handling is not None and handling.unit.is_urgent else self.limit


@dataclass(frozen=True, kw_only=True)
class NoticeRules:
    """The levels by code, the weakest first, and when urging becomes supervision."""

    levels: Mapping[str, Level]
    urgings: int
    raised_to: str


@cache
def notice_rules() -> NoticeRules:
    """Return the rules that come with this installation."""
    text = (files("chengzhi.workorders") / "data" / "notices.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    escalation = table.pop("escalation")
    levels = {code: _level(code, row) for code, row in table.items()}
    return NoticeRules(
        levels=levels, urgings=escalation["urgings"], raised_to=levels[escalation["level"]].code
    )


def _level(code: str, row: dict[str, object]) -> Level:
    roles = row["roles"]
    assert isinstance(roles, list), f"{code}: roles is a list"
    return Level(
        code=code,
        label=str(row["label"]),
        limit=parse_limit(str(row["limit"])),
        urgent=parse_limit(str(row["urgent"])),
        roles=frozenset(Role(role) for role in roles),
        leader_confirms=bool(row.get("leader_confirms", False)),
        source=str(row["source"]),
    )


def level_label(code: str) -> str:
    """Return the words of a level."""
    found = notice_rules().levels.get(code)
    return found.label if found else code


def to_own_unit(facts: NoticeFacts) -> str | None:
    """Only the unit that is asked answers."""
    if facts.actor_unit == facts.unit:
        return None
    return "通知不是发给你所在单位的，须由收件单位办理"


def something_said(facts: NoticeFacts) -> str | None:
    """An answer, or the end of a notice, is put in words."""
    return None if facts.reason.strip() else "没有写内容，请写明办理情况或原因"
