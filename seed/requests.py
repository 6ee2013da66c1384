"""Extensions, notices and appeals of two years, and what stands today: by the same commands."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands import adjust, appeal, notice
from chengzhi.workorders.models import Appeal, StageRun, WorkOrder
from chengzhi.workorders.types import State
from chengzhi.workorders.types.adjustments import AdjustmentKind, Asked
from seed.lives import Life, Scene
from seed.people import COUNTY

EXTENSIONS, NOTICES, APPEALS = 20, 14, 16
TRIES, PATIENCE = 12, timedelta(hours=1)  # until there is something to press or hold
REASONS = ("须调吊车", "现场正在施工，须错峰作业", "量大，须分两次清运", "等待产权单位到场")
EXCUSES = ("台风期间停工", "产权单位未到场，无法作业", "现场断电", "派遣时类别有误")
URGINGS = ("群众再次来电，请尽快处置", "即将到期，请反馈进度", "请今天内清理完毕")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands at the end of the history."""

    kind: AdjustmentKind
    cause: str
    reason: str
    days: int


STANDING = (
    Standing(
        kind=AdjustmentKind.DEFERRAL, cause="weather", reason="连续降雨，路面无法摊铺", days=6
    ),
    Standing(kind=AdjustmentKind.DEFERRAL, cause="construction", reason="管网改造期间", days=45),
    Standing(kind=AdjustmentKind.DEFERRAL, cause="season", reason="宜在春季补种", days=110),
    Standing(kind=AdjustmentKind.SHELVING, cause="funds", reason="改造资金列入明年预算", days=180),
    Standing(kind=AdjustmentKind.SHELVING, cause="dispute", reason="权属争议，等待裁定", days=300),
)


def request_lives(
    scene: Scene, dice: random.Random, now: datetime
) -> Iterator[tuple[datetime, Life]]:
    """Yield lives that press or hold what others live through."""
    kinds = (*[_extend] * EXTENSIONS, *[_urge] * NOTICES, *[_appeal] * APPEALS)
    for number, live in enumerate(kinds):
        recent = number % 3 == 0
        begins = now - timedelta(hours=dice.uniform(1, 80 if recent else 15_000))
        yield begins, live(scene, random.Random(f"request:{number}"), begins)
    for number, why in enumerate(STANDING):
        begins = now - timedelta(days=1 + number)
        yield begins, _hold(scene, why, begins)


def _handled(scene: Scene, at: datetime) -> WorkOrder | None:
    """Return a work order that a unit with people is handling in time."""
    rows = WorkOrder.objects.filter(county=COUNTY, state=State.HANDLING).order_by("-pk")
    fits = (row for row in rows[:8] if _is_free(row, at) and _has_people(scene, row))
    return next(fits, None)


def _is_free(row: WorkOrder, at: datetime) -> bool:
    in_time = row.handling_due_at is not None and row.handling_due_at > at
    return in_time and not row.has_pending_request and row.extension_count == 0


def _has_people(scene: Scene, row: WorkOrder) -> bool:
    return scene.handler(row.handler).unit == row.handler


def _extend(scene: Scene, dice: random.Random, at: datetime) -> Life:
    for _ in range(TRIES):
        if order := _handled(scene, at):
            break
        yield (at := at + PATIENCE)
    else:
        return
    asked = Asked(kind=AdjustmentKind.EXTENSION, reason=dice.choice(REASONS), amount=1)
    row = adjust.ask(order.pk, asked=asked, actor=scene.handler(order.handler), now=at)
    first, second = _two(scene, order)
    yield (at := at + scene.wait(12))
    adjust.first_approve(row.pk, actor=first, now=at)
    yield (at := at + scene.wait(12))
    if dice.random() < 0.2:
        adjust.refuse(row.pk, reason="时限够用，请抓紧处置", actor=second, now=at)
    else:
        adjust.grant(row.pk, actor=second, now=at)


def _two(scene: Scene, order: WorkOrder) -> tuple[Actor, Actor]:
    """Two people who are neither each other nor who asked."""
    duty, leader = scene.actors["haiyan"], scene.actors["zhaoqiang"]
    squad = scene.actors["jianjun"]
    own = squad.unit == order.handler and scene.handler(order.handler).ref != squad.ref
    return (squad, duty) if own else (duty, leader)


def _urge(scene: Scene, dice: random.Random, at: datetime) -> Life:
    for _ in range(TRIES):
        if order := _handled(scene, at):
            break
        yield (at := at + PATIENCE)
    else:
        return
    duty = scene.actors["haiyan"]
    if dice.random() < 0.3:
        row = notice.supervise(
            order.pk, level="bureau", text="局领导关注，请限时办结", actor=duty, now=at
        )
    else:
        row = notice.urge(order.pk, text=dice.choice(URGINGS), actor=duty, now=at)
    handler = scene.handler(order.handler)
    yield (at := at + scene.wait(15))
    if dice.random() < 0.8:
        notice.reply(row.pk, text="已到现场，正在处置", actor=handler, now=at)


def _late(at: datetime) -> StageRun | None:
    late = StageRun.objects.filter(
        stage="handle", was_overdue=True, ended_at__gt=at - timedelta(days=3)
    )
    return late.exclude(pk__in=Appeal.objects.values("run")).order_by("-pk").first()


def _appeal(scene: Scene, dice: random.Random, at: datetime) -> Life:
    for _ in range(TRIES):
        if run := _late(at):
            break
        yield (at := at + PATIENCE)
    else:
        return
    handler = scene.handler(run.unit)
    if handler.unit != run.unit:
        return
    row = appeal.lodge(run.order_id, run=run.pk, reason=dice.choice(EXCUSES), actor=handler, now=at)
    yield (at := at + scene.wait(60))
    duty = scene.actors["haiyan"]
    if dice.random() < 0.25:
        appeal.dismiss(row.pk, reason="理由与现场记录不符", actor=duty, now=at)
        return
    appeal.support(row.pk, actor=duty, now=at, note="情况属实")
    yield (at := at + scene.wait(60))
    appeal.uphold(row.pk, actor=scene.actors["wangfang"], now=at)


def _hold(scene: Scene, why: Standing, at: datetime) -> Life:
    """Let a work order stand until a day that is still to come."""
    until = (scene.now + timedelta(days=why.days)).date()
    for _ in range(3 * TRIES):
        if order := _handled(scene, at):
            break
        yield (at := at + PATIENCE)
    else:
        return
    asked = Asked(kind=why.kind, reason=why.reason, until=until, cause=why.cause)
    row = adjust.ask(order.pk, asked=asked, actor=scene.handler(order.handler), now=at)
    first, second = _two(scene, order)
    adjust.first_approve(row.pk, actor=first, now=at)
    adjust.grant(row.pk, actor=second, now=at)
