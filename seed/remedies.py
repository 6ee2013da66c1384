"""Ownerless problems of the demo county: most mended from the fund, one at an owner's cost."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from chengzhi.accounts.types import Actor
from chengzhi.places.types import Point
from chengzhi.workorders.commands import remedy_ground, remedy_search, remedy_work
from chengzhi.workorders.types.remedies import (
    Conclusion,
    Obligor,
    ProblemDraft,
    Substitute,
    WorkDone,
    WorkOrdered,
)
from seed.lives import Life, Scene

COUNT = 12
OPEN = 5  # the last ones are still under way
FUND = 60_000_000  # fen a year
FIRM = "K02"
PROBLEMS = (  # kind, hazard, words, matter whose pictures show it, what is done, cost in fen
    ("cover", True, "井盖破损，井壁无标识，权属不明", "01001", "更换井盖一套", 168_000),
    ("pole", False, "废弃通信杆倾斜，无产权标识", "01001", "拆除废弃杆一根", 240_000),
    ("waste", False, "废弃宅基地长期堆积垃圾", "06010", "清运垃圾", 310_000),
    ("facility", False, "无人认领的报刊亭占用人行道", "09005", "拆除并修复铺装", 520_000),
)
SOURCES = (
    ("ledger", "部件台账无记录"),
    ("utilities", "供水、供电、通信单位均答复不是其资产"),
    ("community", "社区确认无人认领"),
    ("notice", "现场公示三日无人认领"),
)


def fund_lives(scene: Scene, now: datetime) -> Iterator[tuple[datetime, Life]]:
    """Yield the beginning of each year's fund, as far as the history reaches."""
    for year in (now.year - 1, now.year):
        begins = max(datetime(year, 1, 5, 2, tzinfo=now.tzinfo), now - timedelta(days=700))
        yield begins, _grant(scene, year, begins)


def _grant(scene: Scene, year: int, now: datetime) -> Life:
    remedy_work.grant(
        amount_fen=FUND, note=f"财政专项〔{year}〕12号", actor=scene.actors["zhaoqiang"], now=now
    )
    yield from ()


def remedy_lives(
    scene: Scene, dice: random.Random, now: datetime
) -> Iterator[tuple[datetime, Life]]:
    """Yield the beginnings of the problems: most a while ago, a few of these days."""
    for number in range(COUNT):
        is_open = number >= COUNT - OPEN
        back = (
            timedelta(hours=5 + 7 * (COUNT - number))
            if is_open
            else timedelta(days=20 + number * 22)
        )
        begins = (now - back).replace(hour=2, minute=10, second=0, microsecond=0)
        stop = COUNT - number if is_open else 9
        yield begins, _life(scene, number, dice.choice(scene.spots), begins, stop)
    begins = (now - timedelta(days=75)).replace(hour=2, minute=0, second=0, microsecond=0)
    yield begins, _substitute(scene, dice.choice(scene.spots), begins)


def _register(scene: Scene, number: int, spot: Point, now: datetime) -> int:
    kind, is_hazard, words, matter, _, _ = PROBLEMS[number % len(PROBLEMS)]
    dice = random.Random(f"remedy:{number}")
    duty = scene.actors["haiyan"]
    draft = ProblemDraft(
        kind=kind, lon=spot.lon, lat=spot.lat, is_hazard=is_hazard, description=words,
        address=f"{dice.choice(list(scene.roads.values()))} {dice.randrange(1, 200)} 号",
        photos=scene.album.photos(matter, "near", by=duty, now=now, turn=number),
    )  # fmt: skip
    return remedy_search.register_problem(draft, actor=duty, now=now).pk


def _life(scene: Scene, number: int, spot: Point, now: datetime, stop: int) -> Life:
    _, is_hazard, _, matter, text, cost = PROBLEMS[number % len(PROBLEMS)]
    duty, leader = scene.actors["haiyan"], scene.actors["zhaoqiang"]
    pk = _register(scene, number, spot, now)
    if is_hazard:
        yield (now := now + timedelta(minutes=50))
        remedy_search.fence(pk, note="设围挡和警示灯，派人看守", actor=duty, now=now)
    remedy_search.start_search(pk, actor=duty, now=now)
    if stop == 1:
        return
    for source, result in SOURCES[: 2 if stop == 2 else 4]:
        yield (now := now + timedelta(hours=1))
        remedy_search.log_search(pk, source=source, found=False, result=result, actor=duty, now=now)
    if stop == 2:
        return
    yield (now := now + timedelta(hours=2))
    remedy_search.hold_meeting(
        pk, held_on=_day(now), attendees="执法局、住建局、供水公司、社区", opinions="各方均无权属记录",
        conclusion=Conclusion.OWNERLESS, actor=duty, now=now,
    )  # fmt: skip
    remedy_search.conclude_ownerless(pk, actor=duty, now=now)
    if stop == 3:
        return
    yield (now := now + timedelta(hours=1))
    remedy_ground.approve(pk, budget_fen=cost + 20_000, actor=leader, now=now)
    if stop == 4:
        return
    yield from _work(scene, pk, matter, text, cost, now, stop)


def _work(
    scene: Scene, pk: int, matter: str, text: str, cost: int, now: datetime, stop: int
) -> Life:
    duty, firm = scene.actors["haiyan"], scene.actors["yuanshan"]
    yield (now := now + timedelta(hours=1))
    before = _photos(scene, matter, "near", "before", duty, now, pk)
    work = WorkOrdered(contractor=FIRM, text=text, photos=before)
    remedy_work.begin_work(pk, work=work, actor=duty, now=now)
    if stop == 5:
        return
    yield (now := now + timedelta(hours=20))
    after = _photos(scene, matter, "after", "after", firm, now, pk)
    done = WorkDone(
        quantity="1 处",
        supervisors="朱建军、任海波",
        signatures="监督人员、施工单位、社区见证人",
        photos=after,
    )
    remedy_work.finish_work(pk, done=done, actor=firm, now=now)
    yield (now := now + timedelta(hours=3))
    remedy_work.accept_work(pk, actor=duty, now=now, note="现场复核合格")
    yield (now := now + timedelta(days=2))
    settled = remedy_work.settle(pk, amount_fen=cost, actor=duty, now=now)
    if not settled.obligor_name:
        yield (now := now + timedelta(hours=2))
        remedy_work.close_remedy(pk, actor=duty, now=now)


def _photos(
    scene: Scene, matter: str, shown: str, role: str, by: Actor, now: datetime, turn: int
) -> tuple:
    from chengzhi.workorders.types import PhotoRef

    found = scene.album.photos(matter, shown, by=by, now=now, turn=turn)
    return tuple(PhotoRef(sha256=photo.sha256, role=role) for photo in found)


def _substitute(scene: Scene, spot: Point, now: datetime) -> Life:
    """An owner who did not act: decided, reminded, performed, claimed, half paid."""
    duty, leader = scene.actors["haiyan"], scene.actors["zhaoqiang"]
    pk = _register(scene, 3, spot, now)
    remedy_search.start_search(pk, actor=duty, now=now)
    yield (now := now + timedelta(hours=4))
    obligor = Obligor(name="东陈置业有限公司", contact="", basis="竣工资料写明由其维护")
    remedy_search.find_owner(pk, obligor=obligor, actor=duty, now=now)
    yield (now := now + timedelta(days=20))
    on = _working_day(now + timedelta(days=12))
    remedy_ground.decide(
        pk, actor=leader, now=now,
        substitute=Substitute(
            ordered_on=_day(now - timedelta(days=18)), perform_by=_day(now - timedelta(days=8)),
            demanded_on=_day(now - timedelta(days=5)), consequence="traffic", budget_fen=600_000,
            performer=FIRM, perform_on=on,
        ),
    )  # fmt: skip
    yield (now := now + timedelta(days=1))
    remedy_ground.remind(pk, actor=duty, now=now)
    yield (now := datetime(on.year, on.month, on.day, 1, 30, tzinfo=now.tzinfo))
    yield from _work(scene, pk, "09005", "拆除占道报刊亭，修复铺装", 520_000, now, 9)
    yield (now := now + timedelta(days=6))
    remedy_work.claim(pk, actor=duty, now=now)
    yield (now := now + timedelta(days=9))
    remedy_work.record_payment(
        pk, amount_fen=300_000, paid_on=_day(now), payer="东陈置业有限公司", receipt="XS-0001",
        actor=duty, now=now,
    )  # fmt: skip


def _day(now: datetime) -> date:
    return (now + timedelta(hours=8)).date()


def _working_day(now: datetime) -> date:
    from chengzhi.workorders.rules.remedy_limits import is_workday

    day = _day(now)
    while not is_workday(day):
        day += timedelta(days=1)
    return day
