"""The camera that reported a problem looks again: a hint to the checker, or the check itself."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Role
from chengzhi.workorders.commands.taking import attach_all, move, take, tell
from chengzhi.workorders.events import CameraLooked, WorkOrderCheckedByCamera
from chengzhi.workorders.models import CameraLook, WorkOrder
from chengzhi.workorders.queries.access import locked
from chengzhi.workorders.queries.policies import policy_for
from chengzhi.workorders.rules.spot import is_sampled
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import (
    LOOK_LABELS,
    CameraSaw,
    LookAnswer,
    PolicyKind,
    PolicyRow,
    State,
)


@transaction.atomic
def note_camera_look(pk: int, saw: CameraSaw, *, actor: Actor, now: datetime) -> bool:
    """Write down once what the camera saw; return whether it was new.

    Seen gone after the handler reported, and under a published policy, the check is passed in
    the policy's name; a share of the cases is left to a collector all the same.
    """
    accounts.require(actor, Role.SYSTEM)
    order = locked(actor, pk)
    if CameraLook.objects.filter(ref=saw.ref).exists():
        return False
    CameraLook.objects.create(
        order=order,
        ref=saw.ref,
        camera=saw.camera,
        answer=saw.answer,
        looked_at=saw.looked_at,
        remark=saw.remark[:100],
        still=saw.photos[0].sha256 if saw.photos else "",
        received_at=now,
    )
    tell(order, _looked(order, saw), actor=actor, now=now)
    attach_all(order, saw.photos, actor=actor, now=now)
    policy = _policy(order, saw, now)
    if policy is not None:
        _pass(order, saw, policy, now=now)
    return True


def _looked(order: WorkOrder, saw: CameraSaw) -> CameraLooked:
    against = saw.answer == LookAnswer.PRESENT and _is_after_handling(order, saw)
    return CameraLooked(
        code=order.code,
        camera=saw.camera,
        ref=saw.ref,
        answer=saw.answer,
        answer_label=LOOK_LABELS[saw.answer],
        looked_at=saw.looked_at.isoformat(),
        looked_text=moment_text(saw.looked_at),
        remark=saw.remark,
        warning="，与处置反馈不符，请核查时留意" if against else "",
    )


def _is_after_handling(order: WorkOrder, saw: CameraSaw) -> bool:
    return order.handled_at is not None and saw.looked_at >= order.handled_at


def _policy(order: WorkOrder, saw: CameraSaw, now: datetime) -> PolicyRow | None:
    """Return the policy that lets this look stand for the check, if one does."""
    may_pass = (
        order.state == State.TO_CHECK
        and order.handler  # what a collector handled on the spot waits for its sample
        and saw.answer == LookAnswer.ABSENT
        and _is_after_handling(order, saw)
        and not order.supervision
    )
    if not may_pass:
        return None
    policy = policy_for(order.county, order.matter_code, now=now, kind=PolicyKind.CAMERA)
    if policy is None or is_sampled(order.pk, policy.sample_percent):
        return None
    return policy


def _pass(order: WorkOrder, saw: CameraSaw, policy: PolicyRow, *, now: datetime) -> None:
    robot = Actor(
        ref=f"system:policy-{policy.id}",
        name=policy.title,
        roles=frozenset({Role.SYSTEM}),
        division=order.county,
    )
    step = take(order, "camera_check", actor=robot, camera_saw_gone=True)
    order.checked_at = now
    move(order, step.target, now=now)
    event = WorkOrderCheckedByCamera(
        code=order.code,
        camera=saw.camera,
        ref=saw.ref,
        looked_at=saw.looked_at.isoformat(),
        policy=policy.id,
        policy_title=policy.title,
        document=policy.document,
        answerable=policy.answerable,
        answerable_name=policy.answerable_name,
    )
    tell(order, event, actor=robot, now=now)
