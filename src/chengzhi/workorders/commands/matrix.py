"""The matrix of responsibility from a sheet: every rule by the deed that a person would use."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands.routing import (
    check_draft,
    settle,
    stop_rule,
    tried_fields,
    write_rule,
)
from chengzhi.workorders.events import MatrixImported
from chengzhi.workorders.queries.matrix import MatrixDeed, MatrixPlan, judge_matrix


@transaction.atomic
def import_matrix(
    content: bytes, *, file_name: str, is_whole: bool, actor: Actor, now: datetime
) -> MatrixPlan:
    """Write what a sheet changes, or nothing at all; the dry run of the whole is kept.

    :raises InvalidInput: nothing of the file can be read, or it changes nothing.
    """
    plan = judge_matrix(actor, content, file_name=file_name, is_whole=is_whole, now=now)
    if not plan.changes:
        raise InvalidInput("文件没有改动任何派遣规则，没有写入。", field="file")
    for line in plan.changes:
        if line.ends:
            stop_rule(line.ends, None, actor=actor, now=now)
    for line in plan.changes:
        if line.draft is not None:
            checked = check_draft(line.draft, actor=actor, now=now)
            write_rule(checked, None, actor=actor, now=now)
    audit.record(_told(plan, file_name), subject="routing:matrix", actor=actor.ref, at=now)
    settle(actor=actor, now=now)
    return plan


def _told(plan: MatrixPlan, file_name: str) -> MatrixImported:
    return MatrixImported(
        file_name=file_name,
        added=plan.count(MatrixDeed.NEW),
        changed=plan.count(MatrixDeed.CHANGED),
        ended=plan.count(MatrixDeed.ENDED),
        unread=len(plan.faults),
        **tried_fields(plan.tried),
    )
