"""批量办理: one deed on many work orders, each by its own command in its own transaction.

Nothing here decides anything: a row is refused by the same guard, with the same sentence, as at
the desk, and its refusal leaves the others alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor, Role
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.workorders.commands import check, file, handle, notes, notice, verify
from chengzhi.workorders.models import BulkRun
from chengzhi.workorders.procedure import CAN_ROLES, PROCEDURE, roles_for
from chengzhi.workorders.queries.access import access_work_order
from chengzhi.workorders.rules.limits import civil_date, condition_rows
from chengzhi.workorders.types import BulkOutcome, BulkTask, Details

MOST_ROWS = 500
MOST_KEPT = 50
Doing = Callable[[int, Details, Actor, datetime], object]


@dataclass(frozen=True, kw_only=True)
class BulkDeed:
    """A deed that may be done on many records: what its form asks, and the command."""

    name: str
    label: str
    do: Doing
    asks: tuple[str, ...] = ()  # of reason, unit, assignee
    icon: str = "check"


def _file(pk: int, said: Details, actor: Actor, now: datetime) -> object:
    """File under the first row of the standard, which is the one that the desk proposes."""
    rows = condition_rows(access_work_order(actor, pk).matter_code, on=civil_date(now))
    if not rows:
        raise InvalidInput("标准表中没有这一类别的立案条件，请逐件处理。", field="condition")
    return file.file(pk, condition_number=rows[0].condition_no, actor=actor, now=now)


def _dispatch(pk: int, said: Details, actor: Actor, now: datetime) -> object:
    """Dispatch to the chosen unit, else to the one that routing proposes for this record."""
    unit = said.unit or access_work_order(actor, pk).suggested_unit
    if not unit:
        raise InvalidInput("派遣规则没有建议的处置单位，请选定单位。", field="unit")
    return handle.dispatch(pk, unit=unit, reason=said.reason, actor=actor, now=now)


_DEEDS = (
    BulkDeed(
        name="accept",
        label="受理",
        do=lambda pk, said, actor, now: verify.accept(pk, actor=actor, now=now, reason=said.reason),
    ),
    BulkDeed(name="file", label="立案", do=_file, icon="file-plus"),
    BulkDeed(name="dispatch", label="派遣", do=_dispatch, asks=("unit",), icon="send"),
    BulkDeed(
        name="change-handler",
        label="改派",
        do=lambda pk, said, actor, now: handle.change_handler(
            pk, unit=said.unit, reason=said.reason, actor=actor, now=now
        ),
        asks=("unit", "reason"),
        icon="arrows-exchange",
    ),
    BulkDeed(
        name="accept-task",
        label="接收任务",
        do=lambda pk, said, actor, now: handle.accept_task(pk, actor=actor, now=now),
    ),
    BulkDeed(
        name="assign-check",
        label="派发核查",
        do=lambda pk, said, actor, now: check.assign_check(
            pk, assignee=said.assignee, actor=actor, now=now
        ),
        asks=("assignee",),
        icon="user-search",
    ),
    BulkDeed(
        name="urge",
        label="催办",
        do=lambda pk, said, actor, now: notice.urge(pk, text=said.reason, actor=actor, now=now),
        asks=("reason",),
        icon="bell-ringing",
    ),
    BulkDeed(
        name="close",
        label="结案",
        do=lambda pk, said, actor, now: check.close(pk, actor=actor, now=now),
        icon="circle-check",
    ),
    BulkDeed(
        name="reject",
        label="不予受理",
        do=lambda pk, said, actor, now: verify.reject(pk, reason=said.reason, actor=actor, now=now),
        asks=("reason",),
        icon="ban",
    ),
    BulkDeed(
        name="void",
        label="作废",
        do=lambda pk, said, actor, now: file.void(pk, reason=said.reason, actor=actor, now=now),
        asks=("reason",),
        icon="trash",
    ),
    BulkDeed(
        name="comment",
        label="添加记录",
        do=lambda pk, said, actor, now: notes.comment(pk, text=said.reason, actor=actor, now=now),
        asks=("reason",),
        icon="message",
    ),
)
BULK_DEEDS: dict[str, BulkDeed] = {deed.name: deed for deed in _DEEDS}


def offered(actor: Actor) -> list[BulkDeed]:
    """Return the deeds that one of the actor's roles may do somewhere."""
    return [deed for deed in _DEEDS if not actor.roles.isdisjoint(_roles(deed.name))]


def _roles(name: str) -> set[Role]:
    step_name = name.replace("-", "_")
    if step_name in CAN_ROLES:
        return set(CAN_ROLES[step_name])
    steps = [step for step in PROCEDURE.steps if step.name == step_name]
    return {role for step in steps for role in roles_for(step)}


def do_many(tasks: Iterable[BulkTask], *, title: str, actor: Actor, now: datetime) -> int:
    """Do every task, keep what became of each, and return the key of the run.

    :raises InvalidInput: there are none or too many.
    """
    wanted = _bounded(tasks)
    outcomes = [_outcome(task, actor=actor, now=now, keep=True) for task in wanted]
    return _kept(outcomes, title=title, actor=actor, now=now)


def rehearse(tasks: Iterable[BulkTask], *, actor: Actor, now: datetime) -> list[BulkOutcome]:
    """Return what would become of every task; each is done and taken back, nothing stays.

    :raises InvalidInput: there are none or too many.
    """
    return [_outcome(task, actor=actor, now=now, keep=False) for task in _bounded(tasks)]


def _bounded(tasks: Iterable[BulkTask]) -> list[BulkTask]:
    wanted = list(tasks)
    if not wanted:
        raise InvalidInput("没有选中案件，请先勾选。", field="id")
    if len(wanted) > MOST_ROWS:
        raise InvalidInput(
            f"选中了 {len(wanted)} 件，一次最多办理 {MOST_ROWS} 件，请加筛选条件。", field="id"
        )
    return wanted


def _outcome(task: BulkTask, *, actor: Actor, now: datetime, keep: bool) -> BulkOutcome:
    outcome = BulkOutcome(
        pk=task.pk, code=task.code, deed=task.deed, sentence="", details=task.details
    )
    try:
        code = _do(task, actor=actor, now=now, keep=keep)
    except DomainError as error:
        return replace(outcome, sentence=error.sentence)
    return replace(outcome, code=code)


@transaction.atomic
def _do(task: BulkTask, *, actor: Actor, now: datetime, keep: bool) -> str:
    """Do one deed and return the printed number; taken back unless it is to be kept."""
    deed = BULK_DEEDS.get(task.deed)
    if deed is None:
        known = "、".join(one.label for one in _DEEDS)
        raise InvalidInput(f"不认识操作“{task.deed}”，可写：{known}。", field="deed")
    order = access_work_order(actor, task.pk)
    deed.do(task.pk, task.details, actor, now)
    if not keep:
        transaction.set_rollback(True)
    return order.code


@transaction.atomic
def _kept(outcomes: list[BulkOutcome], *, title: str, actor: Actor, now: datetime) -> int:
    run = BulkRun.objects.create(
        person=actor.ref,
        title=title[:60],
        lines=[asdict(outcome) for outcome in outcomes],
        done_count=sum(outcome.is_done for outcome in outcomes),
        created_at=now,
    )
    older = BulkRun.objects.filter(person=actor.ref).order_by("-pk")[MOST_KEPT:]
    BulkRun.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()
    return run.pk
