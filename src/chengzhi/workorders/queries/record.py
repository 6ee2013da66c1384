"""One work order as a reader sees it: facts, stages, and what may be done next."""

from dataclasses import replace
from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import ROLE_LABELS, Actor, Permission, Role
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.privacy import redacted
from chengzhi.kernel.procedure import Step, refusals
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.procedure import CAN, CAN_ROLES, CENTRE, PROCEDURE, roles_for
from chengzhi.workorders.queries.access import access_work_order, visible_to
from chengzhi.workorders.queries.attached import attached
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.links import ties_of
from chengzhi.workorders.queries.lists import as_row
from chengzhi.workorders.queries.stages import stages_of
from chengzhi.workorders.queries.standing import may_ask_now, standing_of
from chengzhi.workorders.rules.words import masked_name, masked_phone
from chengzhi.workorders.types import (
    FINAL_STATES,
    VERIFICATION_LABELS,
    WISH_LABELS,
    Action,
    ClosingResult,
    Condition,
    Facts,
    ForcedEnd,
    MasterFacts,
    Record,
    State,
)

# The step that carries an order forward, by state; the second where the first is refused.
FORWARD: dict[str, tuple[str, ...]] = {
    State.REPORTED: ("accept", "ask_verify"),
    State.TO_VERIFY: ("verify_exists",),
    State.ACCEPTED: ("file",),
    State.FILED: ("dispatch",),
    State.DISPATCHED: ("accept_task",),
    State.HANDLING: ("record_handling",),
    State.TO_CHECK: ("check_pass",),
    State.CHECKED: ("close",),
    State.SUSPENDED: ("resume_handling", "resume_dispatch"),
}
RESUMING: dict[str, str] = {State.HANDLING: "resume_handling", State.FILED: "resume_dispatch"}
_ANY_ROW = Condition(
    scheme="",
    number=1,
    filing_condition="",
    closing_condition="",
    limit_amount=0,
    limit_unit="",
    limit_text="",
    source="",
)
_ANY_ENDING = ForcedEnd(result=ClosingResult.UNRESOLVED, is_condition_met=False, reason="…")


def record(actor: Actor, pk: int, *, now: datetime) -> Record:
    """Return one work order with all that its page shows.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return record_of(access_work_order(actor, pk), actor, now=now)


def record_of(order: WorkOrder, actor: Actor, *, now: datetime) -> Record:
    """Return what the page of an order shows that the actor may see."""
    hanging = attached(order.pk)
    steps = [step for step in PROCEDURE.steps_from(order.state) if _is_taken_here(order, step)]
    actions = tuple(_action(order, step, actor, now) for step in steps)
    names = accounts.names_of({order.reported_by, order.verifier, order.checker} - {""})
    evidence = order.finding_evidence or {}
    return Record(
        row=as_row(order, directory(order.county, now=now)),
        subject=order.subject,
        description=redacted(order.description),
        component_code=order.component_code,
        cell=order.cell,
        community=order.community,
        road=order.road,
        reporter_name=masked_name(order.reporter_name),
        reporter_phone=masked_phone(order.reporter_phone),
        reported_by_name=_name(order.reported_by, names),
        reporter_wish_label=WISH_LABELS.get(order.reporter_wish, "") if order.reporter_wish else "",
        is_redacted=redacted(order.description) != order.description,
        occurred_at=order.occurred_at,
        scheme=order.scheme,
        condition_number=order.condition_number,
        filing_condition=order.filing_condition,
        closing_condition=order.closing_condition,
        limit_text=order.limit_text,
        limit_unit=order.limit_unit,
        standard_source=order.standard_source,
        verification_label=VERIFICATION_LABELS.get(order.verification, ""),
        verifier=order.verifier,
        verifier_name=names.get(order.verifier, ""),
        checker=order.checker,
        checker_name=names.get(order.checker, ""),
        last_reason=redacted(order.last_reason),
        acceptance_returns=order.acceptance_return_count,
        finding=order.finding,
        camera=evidence.get("camera", ""),
        score=evidence.get("score"),
        accepted_at=order.accepted_at,
        dispatched_at=order.dispatched_at,
        task_accepted_at=order.task_accepted_at,
        handled_at=order.handled_at,
        checked_at=order.checked_at,
        is_final=order.state in FINAL_STATES,
        is_on_time=order.handled_on_time if order.handled_at else None,
        master=_master(order, actor),
        ties=ties_of(order, actor, hanging=hanging, now=now),
        stages=stages_of(order, now=now),
        actions=actions,
        capabilities=_capabilities(order, actor, now=now),
        standing=standing_of(order, now=now),
        hanging=hanging,
        next_action=_next(order.state, actions),
    )


def _name(ref: str, names: dict[str, str]) -> str:
    return "系统" if ref.startswith("system:") else names.get(ref, "")


def _is_taken_here(order: WorkOrder, step: Step) -> bool:
    """Whether a step is taken on the record: a suspension is granted on its request instead.

    What this order's way of handling has no use for is left out, instead of being refused.
    """
    if order.state == State.SUSPENDED:
        return step.name in (RESUMING[order.suspended_from], "force_close")
    on_the_spot = order.spot_policy_id is not None and not order.handler
    unused = {"check_fail"} if on_the_spot else {"spot_fail", "spot_done", "spot_sample"}
    return step.name not in unused | {"suspend", "camera_check"}


def _action(order: WorkOrder, step: Step, actor: Actor, now: datetime) -> Action:
    roles = roles_for(step)
    return Action(
        name=step.name,
        label=step.label,
        basis=step.basis,
        roles=tuple(ROLE_LABELS[role] for role in roles),
        is_mine=not actor.roles.isdisjoint(roles),
        reasons=tuple(refusals(step, _promising(order, actor, now))),
    )


def _promising(order: WorkOrder, actor: Actor, now: datetime) -> Facts:
    """Return the facts as if the deed brought all it should, so that only the record refuses."""
    return replace(
        order.facts(),
        actor=actor.ref,
        actor_unit=actor.unit,
        by_centre=not actor.roles.isdisjoint(CENTRE),
        reason="…",
        photo_roles=frozenset({FileRole.AFTER.value}),
        by_leader=Role.LEADER in actor.roles,
        reason_code="…",
        reasons_known=frozenset({"…"}),
        in_window=order.stage_due_at is None or now <= order.stage_due_at,
        ending=_ANY_ENDING,
        has_referral=True,
        master_state=_state_of(order.master_id),
        unit="…",
        unit_known=True,
        chosen=_ANY_ROW,
        assignee=_assignee(order) or actor.ref,
        assignee_known=True,
        target=MasterFacts(id=0, code="", state=State.FILED, is_same=False),
    )


def _state_of(pk: int | None) -> str:
    rows = WorkOrder.objects.filter(pk=pk).values_list("state", flat=True) if pk else ()
    return next(iter(rows), "")


def _assignee(order: WorkOrder) -> str:
    return {State.TO_VERIFY: order.verifier, State.TO_CHECK: order.checker}.get(
        State(order.state), ""
    )


def _next(state: str, actions: tuple[Action, ...]) -> Action | None:
    by_name = {action.name: action for action in actions}
    forward = [by_name[name] for name in FORWARD.get(state, ()) if name in by_name]
    return next((action for action in forward if not action.reasons), None) or next(
        iter(forward), None
    )


def _capabilities(order: WorkOrder, actor: Actor, *, now: datetime) -> frozenset[str]:
    return frozenset(
        name
        for name, states in CAN.items()
        if order.state in states
        and _holds(actor, name)
        and may_ask_now(order, actor, name, now=now)
    )


def _holds(actor: Actor, capability: str) -> bool:
    if capability == "show_reporter":
        return accounts.may(actor, Permission.UNMASK)
    return not actor.roles.isdisjoint(CAN_ROLES[capability])


def _master(order: WorkOrder, actor: Actor) -> tuple[int, str] | None:
    if order.master_id is None:
        return None
    master = visible_to(actor).filter(pk=order.master_id).first()
    return (master.pk, master.code) if master else None
