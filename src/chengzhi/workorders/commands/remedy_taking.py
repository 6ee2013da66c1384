"""What every deed on a remedy shares: facts, table, capability, ledger, log."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.money import Money
from chengzhi.kernel.procedure import Step, StepNotAllowed
from chengzhi.workorders.events.remedy import FundChanged, RemedyStepped
from chengzhi.workorders.models import FundLine, Remedy
from chengzhi.workorders.procedure.remedy import (
    REMEDY,
    REMEDY_CAN,
    REMEDY_CAN_LABELS,
    REMEDY_CAN_ROLES,
    remedy_roles,
)
from chengzhi.workorders.queries.remedy_access import (
    fund,
    last_conclusion,
    missing_sources,
    performers,
)
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import is_night, is_workday
from chengzhi.workorders.types import PhotoRef
from chengzhi.workorders.types.remedies import (
    FUND_LABELS,
    REMEDY_LABELS,
    FundKind,
    RemedyFacts,
)


def remedy_facts(remedy: Remedy, *, actor: Actor, now: datetime, **deed: Any) -> RemedyFacts:
    """Return the record's facts on the day, with what the deed brings."""
    today = civil_date(now)
    facts = replace(
        remedy.facts(),
        missing_sources=missing_sources(remedy),
        meeting=last_conclusion(remedy),
        fund_left_fen=fund(remedy.county, today.year).left_fen,
        today=today,
        is_workday=is_workday(today),
        is_night=is_night(now),
        actor_unit=actor.unit,
    )
    facts = replace(facts, **deed)
    known = performers(remedy.county, now=now)
    name = known.get(facts.performer, "")
    party = bool(name) and name == facts.obligor
    return replace(facts, is_performer_known=bool(name), is_performer_party=party)


def take_remedy(remedy: Remedy, name: str, *, actor: Actor, now: datetime, **deed: Any) -> Step:
    """Return the step if the table allows it here and the actor may take it.

    :raises StepNotAllowed: no such step leads from this state, or a guard refuses it.
    :raises NotPermitted: the actor holds none of the step's roles.
    """
    facts = remedy_facts(remedy, actor=actor, now=now, **deed)
    step = REMEDY.take(name, state=remedy.state, facts=facts)
    accounts.require(actor, *remedy_roles(step))
    return step


def may_remedy(remedy: Remedy, capability: str, *, actor: Actor) -> None:
    """Refuse a deed that changes no state where it has no place, or by whom it is not done.

    :raises StepNotAllowed: it cannot be done in this state.
    :raises NotPermitted: the actor holds none of its roles.
    """
    if remedy.state not in REMEDY_CAN[capability]:
        label = REMEDY_CAN_LABELS[capability]
        raise StepNotAllowed(f"当前状态“{REMEDY_LABELS[remedy.state]}”不能“{label}”。")
    accounts.require(actor, *sorted(REMEDY_CAN_ROLES[capability]))


def step_remedy(
    remedy: Remedy, step: Step, *, actor: Actor, now: datetime, note: str = "", late_text: str = ""
) -> None:
    """Enter the step's target, save, and say so in the general words."""
    source = remedy.state
    remedy.enter(step.target, now=now)
    remedy.save()
    event = RemedyStepped(
        code=remedy.code,
        step=step.name,
        step_label=step.label,
        source=source,
        target=step.target,
        note=note,
        late_text=late_text,
    )
    tell_remedy(remedy, event, actor=actor, now=now)


def tell_remedy(remedy: Remedy, happened: Any, *, actor: Actor, now: datetime) -> int:
    """Record an event on the remedy."""
    return audit.record(happened, subject=remedy.subject, actor=actor.ref, at=now)


def attach_to_remedy(
    remedy: Remedy, photos: Iterable[PhotoRef], *, actor: Actor, now: datetime
) -> None:
    """Attach stored pictures to the remedy."""
    for photo in photos:
        evidence.attach(photo.sha256, subject=remedy.subject, role=photo.role, actor=actor, now=now)


def book(
    remedy: Remedy, kind: FundKind, amount_fen: int, *, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Write one line into the fund's ledger, and say so on the fund's own record."""
    if amount_fen:
        add_line(remedy.county, kind, amount_fen, actor=actor, now=now, note=note, remedy=remedy)


def add_line(
    county: str,
    kind: FundKind,
    amount_fen: int,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    remedy: Remedy | None = None,
) -> FundLine:
    """Add a line to the ledger; nothing in it is ever changed."""
    year = civil_date(now).year
    line = FundLine.objects.create(
        county=county, year=year, kind=kind, amount_fen=amount_fen, remedy=remedy,
        note=note[:200], by=actor.ref, at=now,
    )  # fmt: skip
    event = FundChanged(
        year=year,
        kind=kind,
        kind_label=FUND_LABELS[kind],
        amount_fen=amount_fen,
        amount_text=str(Money(amount_fen)),
        note=note or (remedy.code if remedy else ""),
    )
    audit.record(event, subject=f"remedy-fund:{county}-{year}", actor=actor.ref, at=now)
    return line
