"""Whistles of the demo county: a town calls, departments come, some are late, one is disputed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from chengzhi.accounts.types import Actor
from chengzhi.places import interface as places
from chengzhi.places.types import Point
from chengzhi.workorders.commands import whistle, whistle_answer, whistle_clock, whistle_dispute
from chengzhi.workorders.commands.whistle_answer import Presence
from chengzhi.workorders.types.whistles import Score, Urgency, WhistleDraft
from seed.lives import ROBOT, Life, Scene

COUNT = 20
OPEN = 6  # the last ones are still on somebody's desk
TOWN = "330225001"
CALLS = (  # matters, urgency, departments (the first leads), what it is about
    (("09005", "06010"), Urgency.NORMAL, ("S01", "D01"), "夜市收摊后占道经营反复，垃圾满地"),
    (("06014",), Urgency.URGENT, ("S01", "D04"), "渣土车抛撒影响通行"),
    (("01001",), Urgency.MAJOR, ("D02", "D05"), "井盖缺失，周边是小学"),
    (("06010",), Urgency.NORMAL, ("D01",), "背街小巷积存垃圾，街道保洁力量不足"),
    (("09005",), Urgency.NORMAL, ("S01", "D03"), "工地围挡外占道堆物"),
)
RESULTS = ("现场已清理，安排专人值守一周", "已责令当场改正并清运", "设施已修复，恢复通行")


def whistle_lives(
    scene: Scene, dice: random.Random, now: datetime
) -> Iterator[tuple[datetime, Life]]:
    """Yield the beginnings of the whistles: most a while ago, a few today."""
    spots = [spot for spot in scene.spots if places.locate(spot).town == TOWN]
    for number in range(COUNT):
        is_open = number >= COUNT - OPEN
        back = timedelta(hours=2 + number % 5) if is_open else timedelta(days=3 + number * 16)
        begins = (now - back).replace(second=0, microsecond=0)
        if not is_open:
            begins = begins.replace(hour=1 + number % 7)  # between nine and four in the city
        yield (
            begins,
            _life(
                scene, number, dice.choice(spots), begins, number - COUNT + OPEN if is_open else 9
            ),
        )


def _life(scene: Scene, number: int, spot: Point, begins: datetime, stop: int) -> Life:
    dice = random.Random(f"whistle:{number}")
    items, urgency, units, words = CALLS[number % len(CALLS)]
    town, duty, now = scene.actors["dandong"], scene.actors["haiyan"], begins
    draft = WhistleDraft(
        items=items, urgency=urgency, lon=spot.lon, lat=spot.lat,
        address=f"{dice.choice(list(scene.roads.values()))} {dice.randrange(1, 200)} 号",
        description=words, departments=units, lead=units[0],
        photos=scene.album.photos(items[0], "near", by=town, now=now, turn=number),
    )  # fmt: skip
    pk = whistle.draft_whistle(draft, actor=town, now=now).pk
    whistle.issue_whistle(pk, actor=town, now=now)
    yield (now := now + timedelta(minutes=dice.uniform(3, 12)))
    if stop == 0:
        return
    whistle_answer.dispatch_whistle(pk, actor=duty, now=now)
    if stop == 1:
        return
    crew = [scene.handler(unit) for unit in units]
    if number % 12 == 7 and len(units) > 1:
        yield (now := now + timedelta(minutes=9))
        yield from _disputed(scene, pk, crew[-1], units, now)
        crew = crew[:-1]
        now += timedelta(minutes=50)
    yield from _come(scene, pk, crew, dice, now, stop, items[0])


def _disputed(scene: Scene, pk: int, who: Actor, units: tuple[str, ...], now: datetime) -> Life:
    whistle_answer.dispute(pk, reason="该路段养护已移交街道，不属本部门", actor=who, now=now)
    yield (now := now + timedelta(minutes=40))
    whistle_dispute.decide_dispute(
        pk, departments=units[:-1], lead=units[0], reason="由牵头部门一并处置，另一部门免于响应",
        actor=scene.actors["zhaoqiang"], now=now,
    )  # fmt: skip


def _come(
    scene: Scene,
    pk: int,
    crew: list[Actor],
    dice: random.Random,
    now: datetime,
    stop: int,
    matter: str,
) -> Life:
    for who in crew:
        yield (now := now + timedelta(minutes=dice.uniform(2, 14)))
        whistle_answer.acknowledge(pk, actor=who, now=now)
    if stop == 2:
        return
    for who in crew:
        late = 220 if dice.random() < 0.15 else 0
        yield (now := now + timedelta(minutes=dice.uniform(8, 40) + late))
        whistle_clock.mark_whistles(actor=ROBOT, now=now)
        photos = scene.album.photos(matter, "far", by=who, now=now, turn=pk)
        presence = Presence(people=f"{who.name}等 {dice.randrange(2, 5)} 人", photos=photos)
        whistle_answer.arrive(pk, presence=presence, actor=who, now=now)
    if stop == 3:
        return
    for who in reversed(crew):
        yield (now := now + timedelta(minutes=dice.uniform(30, 200)))
        photos = scene.album.photos(matter, "after", by=who, now=now, turn=pk)
        whistle_answer.report_back(
            pk, result=dice.choice(RESULTS), photos=photos, actor=who, now=now
        )
    if stop == 4:
        return
    yield (now := now + timedelta(hours=dice.uniform(1, 20)))
    points = [dice.choices((5, 4, 3), (7, 3, 1))[0] for _ in crew]
    scores = tuple(Score(unit=who.unit, points=p) for who, p in zip(crew, points, strict=True))
    whistle.confirm(pk, scores=scores, actor=scene.actors["dandong"], now=now, words="问题已解决")
    yield (now := now + timedelta(hours=1))
    whistle_answer.close_whistle(pk, actor=scene.actors["haiyan"], now=now)
