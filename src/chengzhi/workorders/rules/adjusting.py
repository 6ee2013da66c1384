"""What may be asked of the clock, and the guards of a request (anchors_civic.md 6.7)."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from chengzhi.kernel.clock import Duration, Unit
from chengzhi.standards.limit_text import parse_limit
from chengzhi.workorders.types.adjustments import (
    ADJUSTMENT_LABELS,
    AdjustmentFacts,
    AdjustmentKind,
)
from chengzhi.workorders.types.words import STATE_LABELS, State

ASKABLE: dict[str, frozenset[State]] = {
    AdjustmentKind.EXTENSION: frozenset({State.HANDLING}),
    AdjustmentKind.DEFERRAL: frozenset({State.FILED, State.HANDLING}),
    AdjustmentKind.SHELVING: frozenset({State.FILED, State.HANDLING}),
}


@dataclass(frozen=True, kw_only=True)
class AdjustmentRules:
    """What a city allows."""

    most_granted: int
    most_percent: int
    longest_days: Mapping[str, int]
    causes: Mapping[str, Mapping[str, str]]
    appeal_window: Duration


@cache
def adjustment_rules() -> AdjustmentRules:
    """Return the rules that come with this installation."""
    text = (files("chengzhi.workorders") / "data" / "adjustments.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return AdjustmentRules(
        most_granted=table["extension"]["most_granted"],
        most_percent=table["extension"]["most_percent"],
        longest_days={kind: table[kind]["longest_days"] for kind in ("deferral", "shelving")},
        causes=table["causes"],
        appeal_window=parse_limit(table["appeal"]["window"]),
    )


def cause_label(kind: str, code: str) -> str:
    """Return the words of a cause, or its code when nobody knows it any more."""
    return adjustment_rules().causes.get(kind, {}).get(code, code)


def reason_given(facts: AdjustmentFacts) -> str | None:
    """Whoever asks, refuses or cancels says why."""
    return None if facts.reason.strip() else "没有写理由，请写明原因"


def own_squad(facts: AdjustmentFacts) -> str | None:
    """A squad leader answers for the own unit only; the centre for all."""
    if facts.by_centre or facts.actor_unit == facts.asked_unit:
        return None
    return "申请不是你所在的单位提出的，须由申请单位负责人或派遣员初审"


def not_own_request(facts: AdjustmentFacts) -> str | None:
    """Nobody approves what they asked for."""
    if facts.actor != facts.asked_by:
        return None
    return "申请是你本人提出的，须由另一人审批"


def second_person(facts: AdjustmentFacts) -> str | None:
    """Two levels are two people (两级审批)."""
    if facts.actor != facts.first_by:
        return None
    return "初审是你本人办理的，终审须由另一人办理"


def within_quota(facts: AdjustmentFacts) -> str | None:
    """At most twice granted for one work order; what was refused does not count."""
    most = adjustment_rules().most_granted
    if facts.kind != AdjustmentKind.EXTENSION or facts.granted_count < most:
        return None
    return f"本案已批准延期 {facts.granted_count} 次，最多 {most} 次；确实无法完成请申请缓办或挂账"


def still_ahead(facts: AdjustmentFacts) -> str | None:
    """A deferral or a shelving ends on a day to come, within the longest that is allowed."""
    if facts.kind == AdjustmentKind.EXTENSION:
        return None
    label = ADJUSTMENT_LABELS[facts.kind]
    if facts.until is None or facts.today is None or facts.until <= facts.today:
        return f"没有选定今天以后的恢复日期，请写明{label}到哪一天"
    longest = adjustment_rules().longest_days[facts.kind]
    if (facts.until - facts.today).days > longest:
        return f"{label}最长 {longest} 天，请把恢复日期提前"
    return None


def by_asking_unit(facts: AdjustmentFacts) -> str | None:
    """Only the unit that asked takes its request back."""
    if facts.actor_unit == facts.asked_unit:
        return None
    return "申请是另一单位提出的，只能由申请单位撤回"


def fits_the_state(facts: AdjustmentFacts) -> str | None:
    """An extension is asked while a unit handles; what nobody can do now, also before."""
    states = ASKABLE[facts.kind]
    if facts.state in states:
        return None
    places = "、".join(f"“{STATE_LABELS[state]}”" for state in sorted(states))
    state = STATE_LABELS.get(facts.state, facts.state)
    return f"案件现在“{state}”，只有{places}时才能申请{ADJUSTMENT_LABELS[facts.kind]}"


def none_pending(facts: AdjustmentFacts) -> str | None:
    """One request at a time."""
    return "本案已有申请在审批中，请等审批或先撤回" if facts.is_pending else None


def not_overdue(facts: AdjustmentFacts) -> str | None:
    """An extension is asked before the limit ends."""
    if facts.kind != AdjustmentKind.EXTENSION or not facts.is_overdue:
        return None
    return "处置时限已过，不能再申请延期；有正当原因请在办结后提出超时申诉"


def amount_fits(facts: AdjustmentFacts) -> str | None:
    """An extension is a positive amount of the limit's own unit, at most as long as the limit."""
    if facts.kind != AdjustmentKind.EXTENSION:
        return None
    most = facts.limit_amount * adjustment_rules().most_percent // 100
    if 0 < facts.amount <= most:
        return None
    return f"延长时间须为 1 至 {most}（处置时限 {facts.limit_text}），请改正"


def by_whom_it_may_be_asked(facts: AdjustmentFacts) -> str | None:
    """The unit that handles asks; before the dispatch, the dispatcher."""
    if facts.state == State.FILED:
        return None if facts.by_centre else "案件还没有派遣，只能由派遣员申请"
    if facts.actor_unit == facts.handler:
        return None
    return "案件没有派给你所在的单位，须由被派遣的单位申请"


def cause_named(facts: AdjustmentFacts) -> str | None:
    """A deferral or a shelving names its cause from the list."""
    if facts.kind == AdjustmentKind.EXTENSION or facts.cause_known:
        return None
    return f"没有选择{ADJUSTMENT_LABELS[facts.kind]}原因，请从列表中选一项"


TO_ASK: tuple[Callable[[AdjustmentFacts], str | None], ...] = (
    fits_the_state,
    by_whom_it_may_be_asked,
    reason_given,
    none_pending,
    within_quota,
    not_overdue,
    amount_fits,
    still_ahead,
    cause_named,
)


def refusals_to_ask(facts: AdjustmentFacts) -> list[str]:
    """Return why a request cannot be made; the first reason makes the others moot."""
    if reason := fits_the_state(facts) or by_whom_it_may_be_asked(facts):
        return [reason]
    return [reason for guard in TO_ASK if (reason := guard(facts))]


def pending_reason(step: str) -> str:
    """Return why a pending request ends with a step of the work order."""
    return f"案件已“{step}”，申请不再适用"


def what_text(kind: str, amount: int, unit: str, until: date | None) -> str:
    """Return what is asked, in words: 2 工作时, or 至 2026-12-31."""
    if kind == AdjustmentKind.EXTENSION:
        return str(Duration(amount, Unit(unit)))
    return f"至 {until:%Y-%m-%d}" if until else ""
