"""Bring the cameras of a table: every one by the deed that a person would use, or none at all."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.commands.cameras import change_camera, register_camera
from chengzhi.vision.queries.camera_table import CameraDeed, CameraPlan, judge_cameras


@transaction.atomic
def import_cameras(
    content: bytes, *, actor: Actor, now: datetime, file_name: str = ""
) -> CameraPlan:
    """Write what a table changes and return what that was; rows that cannot be read are left out.

    :raises InvalidInput: the file cannot be read, changes nothing, or a point lies elsewhere.
    """
    plan = judge_cameras(actor, content, file_name=file_name)
    if not plan.changes:
        raise InvalidInput("文件没有改动任何摄像头，没有写入。", field="file")
    for line in plan.changes:
        try:
            deed = register_camera if line.deed is CameraDeed.NEW else change_camera
            deed(line.code, line.draft, actor=actor, now=now)
        except InvalidInput as refusal:
            sentence = f"第 {line.row} 行（{line.code}）{refusal.sentence}"
            raise InvalidInput(sentence, field=refusal.field) from refusal
    return plan
