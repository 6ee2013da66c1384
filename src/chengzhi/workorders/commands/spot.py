"""现场处置: what a collector removed is filed and closed by a published policy.

The policy names the person answerable and stands for the decisions of acceptance, filing and
closing (docs/adr/0009); the same commands take the same steps. A share is checked by somebody
else, chosen by the order's number, so that nobody can choose it.
"""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor, Role
from chengzhi.evidence.types import FileRole
from chengzhi.kernel.errors import DomainError
from chengzhi.places.types import Point
from chengzhi.workorders.commands.check import close
from chengzhi.workorders.commands.fieldwork import send_to_check
from chengzhi.workorders.commands.file import file
from chengzhi.workorders.commands.intake import report
from chengzhi.workorders.commands.taking import move, roles_of, take, tell
from chengzhi.workorders.commands.verify import accept
from chengzhi.workorders.events import WorkOrderHandledOnSpot
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.control import control_here
from chengzhi.workorders.queries.policies import policy_for
from chengzhi.workorders.rules.limits import civil_date, condition_rows
from chengzhi.workorders.rules.spot import is_sampled
from chengzhi.workorders.types import Channel, PolicyRow, Report, Reported

BEFORE = frozenset({FileRole.NEAR.value, FileRole.FAR.value, FileRole.BEFORE.value})


class NotForTheSpot(DomainError):
    """A problem that is not handled on the spot: no policy, no pictures, or not a collector's."""

    code = "not-for-the-spot"
    status = 409


@transaction.atomic
def report_handled(
    received: Report, *, actor: Actor, now: datetime, condition_number: int = 0
) -> Reported:
    """Report what was removed at once: accepted, filed, handled and closed under the policy.

    `condition_number` names the row of the standard; the matter's first one if it is left out.

    :raises NotForTheSpot: the sentence says what is missing; then it is an ordinary report.
    """
    policy = _policy(received, actor, now)
    made = report(received, actor=actor, now=now)
    if not made.created:
        return made
    robot = _standing_in(policy, actor.county)
    accept(made.id, actor=robot, now=now, reason=_basis(policy))
    number = condition_number or _first_row(received.matter_code, now)
    file(made.id, condition_number=number, actor=robot, now=now)
    order = _handled(made.id, received, policy, robot=robot, now=now)
    if not is_sampled(order.pk, policy.sample_percent):
        order = close(order.pk, actor=robot, now=now)
    return Reported(id=order.pk, code=order.code, state=order.state, duplicates=made.duplicates)


def _policy(received: Report, actor: Actor, now: datetime) -> PolicyRow:
    if received.channel is not Channel.COLLECTOR or Role.COLLECTOR not in actor.roles:
        raise NotForTheSpot("只有采集员可以登记现场处置，请按普通上报登记。")
    shown = roles_of(received.photos)
    if not (shown & BEFORE) or FileRole.AFTER not in shown:
        raise NotForTheSpot("现场处置须有处置前、处置后照片各至少一张，请补拍。", field="photos")
    policy = policy_for(actor.county, received.matter_code, now=now)
    if policy is None:
        raise NotForTheSpot("这类事项没有公布现场处置办法，请按普通上报登记。")
    point, at = Point(lon=received.lon, lat=received.lat), received.occurred_at or now
    control = control_here(actor.county, matter=received.matter_code, point=point, at=at, now=now)
    if control:
        raise NotForTheSpot(f"{control}，须由值班长判断，请按普通上报登记。")
    return policy


def _standing_in(policy: PolicyRow, county: str) -> Actor:
    """Return the actor under which a policy decides: its steps are recorded as the policy's."""
    return Actor(
        ref=f"system:policy-{policy.id}",
        name=policy.title,
        roles=frozenset({Role.SYSTEM, Role.ACCEPTANCE_OFFICER, Role.DUTY_MANAGER}),
        division=county,
    )


def _basis(policy: PolicyRow) -> str:
    return f"依据《{policy.title}》（{policy.document}，负责人 {policy.answerable_name}）"


def _first_row(matter: str, now: datetime) -> int:
    rows = condition_rows(matter, on=civil_date(now))
    return rows[0].condition_no if rows else 0


def _handled(
    pk: int, received: Report, policy: PolicyRow, *, robot: Actor, now: datetime
) -> WorkOrder:
    order = WorkOrder.objects.select_for_update().get(pk=pk)
    sampled = is_sampled(pk, policy.sample_percent)
    name = "spot_sample" if sampled else "spot_done"
    step = take(order, name, actor=robot, photo_roles=roles_of(received.photos))
    order.spot_policy_id, order.handled_at = policy.id, now
    move(order, step.target, now=now)
    tell(order, _event(order, received, policy, sampled), actor=robot, now=now)
    if sampled:
        send_to_check(order, actor=robot, now=now)
    return order


def _event(
    order: WorkOrder, received: Report, policy: PolicyRow, sampled: bool
) -> WorkOrderHandledOnSpot:
    return WorkOrderHandledOnSpot(
        code=order.code,
        policy=policy.id,
        policy_title=policy.title,
        document=policy.document,
        answerable=policy.answerable,
        answerable_name=policy.answerable_name,
        is_sampled=sampled,
        sample_text=f"；抽中核查（{policy.sample_percent}%）" if sampled else "",
        photo_count=len(received.photos),
    )
