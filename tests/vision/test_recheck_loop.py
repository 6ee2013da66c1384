"""From the handler's report to the camera's answer and back: over the two contexts."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from chengzhi.audit.tasks import drain
from chengzhi.vision import commands
from chengzhi.vision.models import Finding
from chengzhi.vision.queries.rechecks import open_questions
from chengzhi.vision.types import CameraBeat, RecheckAnswer, RecheckMessage
from chengzhi.wiring import ANSWERS
from chengzhi.workorders.commands import field, file, handle, verify
from chengzhi.workorders.models import CameraLook, WorkOrder
from chengzhi.workorders.types import PolicyKind
from tests.vision.conftest import digest, picture
from tests.workorders.conftest import build_county, nothing_kept, photograph  # noqa: F401

BEAT = CameraBeat(
    code="C001", frames=9, dropped=0, fps=1, blind_s=0, lag_s=0, state="ok", restarts=0
)


@pytest.fixture
def handled(db, now, pending, bring, worker, jiang_lina, wang_fang, zhou_jian, photograph):  # noqa: F811
    """A confirmed finding whose work order the handler reported done, with a live camera."""
    cache.clear()
    build_county(now)
    key = pending()
    commands.record_heartbeat("一号", (BEAT,), actor=worker, now=now)
    commands.confirm_finding(key, actor=jiang_lina, now=now)
    drain(ANSWERS, now=now)
    order = int(Finding.objects.get(pk=key).work_order.removeprefix("workorder:"))
    verify.accept(order, actor=wang_fang, now=now)
    file.file(order, condition_number=1, actor=wang_fang, now=now)
    handle.dispatch(order, unit="S01", actor=wang_fang, now=now)
    handle.accept_task(order, actor=zhou_jian, now=now)
    photos = (photograph(zhou_jian, "after"),)
    handle.record_handling(order, photos=photos, actor=zhou_jian, now=now)
    drain(ANSWERS, now=now)
    return order


@pytest.mark.parametrize("answer", [RecheckAnswer.ABSENT, RecheckAnswer.PRESENT])
def test_the_camera_is_asked_and_its_answer_reaches_the_work_order(
    handled, worker, bring, zhao_qiang, now, answer
):
    field.publish_policy(
        kind=PolicyKind.CAMERA, title="监控核查办法", document="象综执〔2026〕40号",
        matter_prefixes=("09",), sample_percent=0, actor=zhao_qiang, now=now,
    )  # fmt: skip
    (question,) = open_questions(worker, now=now)
    bring(77)
    then = now + timedelta(minutes=1)
    said = RecheckMessage(answer=answer, looked_at=then, still=digest(picture(77)))
    commands.answer_recheck(question.id, said, actor=worker, now=then)

    drain(ANSWERS, now=then)
    drain(ANSWERS, now=then)

    look = CameraLook.objects.get()
    assert (look.order_id, look.answer, look.still) == (handled, answer, digest(picture(77)))
    state = "checked" if answer is RecheckAnswer.ABSENT else "to_check"
    assert WorkOrder.objects.get(pk=handled).state == state
