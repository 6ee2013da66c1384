"""核查 and 结案: somebody else looks whether it is gone, and the duty manager closes."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands.fieldwork import send_to_check
from chengzhi.workorders.commands.followers import end_followers
from chengzhi.workorders.commands.handle import late_text
from chengzhi.workorders.commands.taking import attach_all, may, move, roles_of, take, tell
from chengzhi.workorders.commands.timing import keep_stage, rework_ends
from chengzhi.workorders.commands.verify import require_collector
from chengzhi.workorders.events import (
    CheckAssigned,
    WorkOrderChecked,
    WorkOrderClosed,
    WorkOrderForceClosed,
)
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.links import is_referred
from chengzhi.workorders.rules.closing import require_confirmed
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.returns import reason_codes, reason_label
from chengzhi.workorders.types import (
    CHECK_LABELS,
    CLOSING_RESULT_LABELS,
    STATE_LABELS,
    Check,
    ClosingBasis,
    ClosingResult,
    ForcedEnd,
    PhotoRef,
)


@transaction.atomic
def assign_check(pk: int, *, actor: Actor, now: datetime, assignee: str = "") -> WorkOrder:
    """Send a collector to look; the clock of the check runs on (派发核查).

    Without an assignee the beat decides who goes.
    """
    order = locked(actor, pk)
    may(order, "assign_check", actor=actor)
    if not assignee:
        send_to_check(order, actor=actor, now=now)
        return order
    name = require_collector(order, assignee, now=now)
    order.checker = assignee
    order.save(update_fields=["checker"])
    event = CheckAssigned(code=order.code, assignee=assignee, assignee_name=name)
    tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def record_check(
    pk: int,
    *,
    result: Check,
    actor: Actor,
    now: datetime,
    reason: str = "",
    reason_code: str = "",
    photos: tuple[PhotoRef, ...] = (),
    confirmed: tuple[str, ...] | None = None,
) -> WorkOrder:
    """Write down what 核查 found: passed, sent back to the unit (返工), or not to be told.

    What a collector handled on the spot has no unit to go back to: it is dispatched.
    `confirmed` are the parts of the frozen closing condition that were seen; None where the
    sender goes through no list (the interface of other systems).
    """
    order = locked(actor, pk)
    name = _step_name(order, result)
    step = take(
        order,
        name,
        actor=actor,
        assignee=order.checker,
        reason=reason,
        photo_roles=roles_of(photos),
    )
    if result is Check.PASS and confirmed is not None:
        require_confirmed(order.closing_condition, confirmed, reason=reason)
    _write_reason(order, name, reason_code, reason, now=now)
    _RESULTS[name](order, step.target, now)
    event = WorkOrderChecked(
        code=order.code,
        result=result,
        result_label=CHECK_LABELS[result],
        reason=reason,
        photo_count=len(photos),
        rework_count=order.rework_count,
        reason_code=reason_code,
        closing_condition=order.closing_condition,
        confirmed=list(confirmed or ()),
        confirmed_text=f"；已核对：{'、'.join(confirmed)}" if confirmed else "",
    )
    tell(order, event, actor=actor, now=now)
    attach_all(order, photos, actor=actor, now=now)
    return order


def _step_name(order: WorkOrder, result: Check) -> str:
    on_the_spot = order.spot_policy_id is not None and not order.handler
    return "spot_fail" if result == Check.FAIL and on_the_spot else f"check_{result}"


def _write_reason(order: WorkOrder, name: str, code: str, reason: str, *, now: datetime) -> None:
    """Keep why; a failed check may name a reason of the return matrix."""
    if code and code not in reason_codes(name, on=civil_date(now)):
        raise InvalidInput(f"“{code[:30]}”不是可选的退回原因，请重新选择。", field="reason_code")
    order.last_reason = reason or (reason_label(code) if code else "")
    order.return_reason = code or order.return_reason


def _passed(order: WorkOrder, target: str, now: datetime) -> None:
    order.checked_at = now
    move(order, target, now=now)


def _failed(order: WorkOrder, target: str, now: datetime) -> None:
    """Send it back: the unit goes on with what was left of its limit when it reported."""
    order.rework_count += 1
    keep_stage(order, target, now=now)
    ends = rework_ends(order, now=now)
    order.enter(target, now=now, ends=ends, since=order.handling_since)
    order.save()


def _untold(order: WorkOrder, target: str, now: datetime) -> None:
    """Leave it to be assigned again; the clock of the check runs on."""
    order.checker = ""
    order.save(update_fields=["checker", "last_reason"])


def _to_dispatch(order: WorkOrder, target: str, now: datetime) -> None:
    """A sample check found it not done: it goes to a unit like any other."""
    order.checker, order.handled_at = "", None
    move(order, target, now=now)


_RESULTS = {
    "check_pass": _passed,
    "check_fail": _failed,
    "check_unable": _untold,
    "spot_fail": _to_dispatch,
}


@transaction.atomic
def close(
    pk: int, *, actor: Actor, now: datetime, result: ClosingResult = ClosingResult.RESOLVED
) -> WorkOrder:
    """Close a work order that passed its check: solved, or left to enforcement (结案)."""
    order = locked(actor, pk)
    step = take(
        order, "close", actor=actor, result=result, has_referral=_has_referral(order, result)
    )
    order.closing_result = result
    order.closing_basis = ClosingBasis.CHECKED if order.checked_at else ClosingBasis.POLICY
    move(order, step.target, now=now)
    event = WorkOrderClosed(
        code=order.code,
        matter_code=order.matter_code,
        channel=order.channel,
        town=order.town,
        unit=order.handler,
        on_time=order.handled_on_time,
        late_text=late_text(order),
        closing_condition=order.closing_condition,
        client_ref=order.client_ref,
        finding=order.finding,
        result=result,
        result_label=CLOSING_RESULT_LABELS[result],
        basis=order.closing_basis,
    )
    tell(order, event, actor=actor, now=now)
    end_followers(order, actor=actor, now=now)
    return order


@transaction.atomic
def force_close(
    pk: int,
    *,
    result: ClosingResult,
    is_condition_met: bool | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """End a work order that cannot reach its check, saying whether it is fixed (强制结案).

    The duty manager decides, and the bureau's leader where it is supervised. `result` says what
    became of the problem, for closed is not the same as fixed.
    """
    order = locked(actor, pk)
    ending = ForcedEnd(result=result, is_condition_met=is_condition_met, reason=reason.strip())
    before = order.state
    step = take(
        order, "force_close", actor=actor, ending=ending, has_referral=_has_referral(order, result)
    )
    order.closing_result, order.closing_basis = result, ClosingBasis.FORCED
    order.condition_met = "yes" if is_condition_met else "no"
    order.last_reason = ending.reason
    move(order, step.target, now=now)
    tell(order, _forced(order, before, ending), actor=actor, now=now)
    end_followers(order, actor=actor, now=now)
    return order


def _has_referral(order: WorkOrder, result: ClosingResult) -> bool:
    """Whether it was referred; only an end as referred asks."""
    return result == ClosingResult.REFERRED and is_referred(order)


def _forced(order: WorkOrder, before: str, ending: ForcedEnd) -> WorkOrderForceClosed:
    return WorkOrderForceClosed(
        code=order.code,
        from_label=STATE_LABELS[before],
        result=ending.result,
        result_label=CLOSING_RESULT_LABELS[ending.result],
        is_condition_met=bool(ending.is_condition_met),
        met_text="满足" if ending.is_condition_met else "不满足",
        reason=ending.reason,
        matter_code=order.matter_code,
        channel=order.channel,
        town=order.town,
        unit=order.handler,
        client_ref=order.client_ref,
        finding=order.finding,
    )
