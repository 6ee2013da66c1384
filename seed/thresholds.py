"""Policies, thresholds and second looks of the demo county: learned from its own history."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from chengzhi.accounts import interface as accounts
from chengzhi.audit.tasks import drain
from chengzhi.vision import interface as vision
from chengzhi.vision.types import (
    FindingKind,
    PolicyDraft,
    RecheckAnswer,
    RecheckMessage,
)
from chengzhi.wiring import ANSWERS
from chengzhi.workorders.commands import field
from chengzhi.workorders.types import PolicyKind
from seed import matters
from seed.lives import ROBOT, Scene
from seed.people import COUNTY

Life = Iterator[datetime]
MACHINE = accounts.system_actor("vision", division=COUNTY)
POLICIES = (
    PolicyDraft(
        title="店外经营抓拍阈值办法（演示）", document="象综执演〔2026〕12号",
        kind=FindingKind.GOODS_ON_PAVEMENT, target=0.9, floor=0.3, ceiling=0.75, most_step=0.3,
        exploration_share=0.2, is_automatic=True,
    ),
    PolicyDraft(
        title="乱堆杂物抓拍阈值办法（演示）", document="象综执演〔2026〕13号",
        kind=FindingKind.OBJECT_LEFT, target=0.85, floor=0.3, ceiling=0.75, most_step=0.2,
        exploration_share=0.1, is_automatic=False,
    ),
)  # fmt: skip


def threshold_lives(scene: Scene, now: datetime) -> Iterator[tuple[datetime, Life]]:
    """A hundred days ago the leader published; since then the verdicts were added up every month."""
    begins = now - timedelta(days=100)
    yield begins, _calibrate(scene, begins)


def _calibrate(scene: Scene, now: datetime) -> Life:
    for draft in POLICIES:
        vision.publish_score_policy(draft, actor=scene.actors["zhaoqiang"], now=now)
    for _ in range(3):
        vision.recalibrate(actor=MACHINE, now=now)
        yield (now := now + timedelta(days=33))


def settle(*, now: datetime) -> None:
    """Add up the verdicts today, let a camera check under a policy, and look again at some places."""
    scene = Scene(dice=random.Random("thresholds"), now=now)
    vision.recalibrate(actor=MACHINE, now=now)
    field.publish_policy(
        kind=PolicyKind.CAMERA, title="监控核查办法（演示）", document="象综执演〔2026〕14号",
        matter_prefixes=("09",), sample_percent=30, actor=scene.actors["zhaoqiang"], now=now,
    )  # fmt: skip
    for turn, finding in enumerate(_looked_at()):
        _look_again(scene, finding, turn, now)
    drain(ANSWERS, now=now)


def _looked_at() -> list[tuple[int, str, str, bool]]:
    """Return some findings: first those whose work order waits for its check, then closed ones."""
    from chengzhi.vision.models import Finding
    from chengzhi.workorders.models import WorkOrder

    orders = WorkOrder.objects.exclude(finding="").order_by("-pk")
    waiting = list(
        orders.filter(state__in=("to_check", "handling")).values_list("pk", flat=True)[:6]
    )
    closed = orders.filter(state="closed").values_list("pk", flat=True)[: 8 - len(waiting)]
    subjects = {f"workorder:{pk}": pk in waiting for pk in (*waiting, *closed)}
    rows = Finding.objects.filter(work_order__in=subjects).order_by("-pk")
    found = [(row.pk, row.finding_id, row.kind, subjects[row.work_order]) for row in rows]
    return sorted(found, key=lambda row: not row[3])


def _look_again(
    scene: Scene, finding: tuple[int, str, str, bool], turn: int, now: datetime
) -> None:
    key, finding_id, kind, is_open = finding
    turn = turn if is_open else 0
    role = "near" if turn % 3 == 1 else "check"
    photos = scene.album.photos(
        matters.MATTER_OF[FindingKind(kind)], role, by=ROBOT, now=now, turn=turn
    )
    answer = (RecheckAnswer.ABSENT, RecheckAnswer.PRESENT, RecheckAnswer.UNKNOWN)[turn % 3]
    said = RecheckMessage(
        answer=answer, looked_at=now, still=photos[0].sha256 if photos else "",
        reason="hidden" if answer is RecheckAnswer.UNKNOWN else "",
    )  # fmt: skip
    if turn % 3 == 0:
        vision.record_gone(finding_id, said, actor=ROBOT, now=now)
        return
    asked = vision.ask_recheck(key, actor=scene.actors["haiyan"], now=now)
    vision.answer_recheck(asked, said, actor=ROBOT, now=now)
