"""What becomes of one problem in the street, from the first report to the end."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit.tasks import drain
from chengzhi.audit.types import Reactions
from chengzhi.places import interface as places
from chengzhi.places.types import Point
from chengzhi.standards import current
from chengzhi.vision import interface as vision
from chengzhi.vision.types import FindingKind
from chengzhi.wiring import ANSWERS, REACTIONS
from chengzhi.workorders.commands import check, clock, file, handle, intake, verify
from chengzhi.workorders.rules.closing import closing_items
from chengzhi.workorders.types import Check, Report, Verification, Wish
from seed import findings, matters
from seed.people import COUNTY
from seed.pictures import Album

Life = Iterator[datetime]
TOLD = timedelta(hours=8)
ROBOT = accounts.system_actor("demo-camera", division=COUNTY)


@dataclass
class Scene:
    """What every life needs: dice, people, places, pictures."""

    dice: random.Random
    now: datetime
    begun: int = 0
    ticked: datetime | None = None
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from chengzhi.accounts.models import Person
        from chengzhi.places.models import Cell, Road
        from chengzhi.vision.models import Camera

        for person in Person.objects.select_related("unit"):
            self.actors[person.username] = accounts.actor_of(person, on=self.now.date())
        self.spots = [centre(cell.polygon) for cell in Cell.objects.order_by("code")]
        self.cameras = list(Camera.objects.order_by("code"))
        self.album = Album()
        self.roads = dict(Road.objects.values_list("code", "name"))

    def began(self) -> bool:
        """Return whether a life has begun since this was last asked."""
        begun, self.begun = self.begun, 0
        return bool(begun)

    def tick(self, at: datetime) -> None:
        """Mark what is due a few times a day; reactions run when a finding is confirmed."""
        if self.ticked is None or at - self.ticked > timedelta(hours=6):
            self.ticked = at
            clock.mark_due(actor=ROBOT, now=at)

    def settle(self, at: datetime) -> None:
        """Mark what is due and run the reactions that wait."""
        clock.mark_due(actor=ROBOT, now=at)
        drain(self.reactions(at), now=at)

    def reactions(self, at: datetime) -> Reactions:
        """Return who answers at a moment: people and machines are told only of the last hours."""
        return REACTIONS if at > self.now - TOLD else ANSWERS

    def wait(self, minutes: float) -> timedelta:
        """Return a wait of about so many minutes; a few take much longer."""
        slow = 6 if self.dice.random() < 0.04 else 1
        return timedelta(minutes=minutes * slow * self.dice.lognormvariate(0, 0.6))

    def by_ref(self, ref: str) -> Actor | None:
        """Return the actor of a reference, if there is one of that name."""
        return next((actor for actor in self.actors.values() if actor.ref == ref), None)

    def handler(self, unit: str) -> Actor:
        """Return somebody of the unit who may take its tasks."""
        own = [a for a in self.actors.values() if a.unit == unit and "handler" in a.roles]
        return own[0] if own else self.actors["haibo"]


def centre(polygon: dict[str, list[list[list[float]]]]) -> Point:
    """Return the mean of a polygon's corners."""
    ring = polygon["coordinates"][0]
    if isinstance(ring[0][0], list):
        ring = ring[0]
    count = len(ring)
    return Point(lon=sum(p[0] for p in ring) / count, lat=sum(p[1] for p in ring) / count)


def report_life(scene: Scene, number: int, begins: datetime) -> Life:
    """A problem that a person reports."""
    dice = random.Random(f"report:{number}")
    channel = dice.choices(list(matters.CHANNELS), list(matters.CHANNELS.values()))[0]
    matter = dice.choices(list(matters.MATTERS), list(matters.MATTERS.values()))[0]
    point, now = dice.choice(scene.spots), begins
    place = places.locate(point)
    reporter = scene.actors[matters.REPORTERS[channel]]
    received = Report(
        channel=channel, matter_code=matter, lon=point.lon, lat=point.lat,
        address=_address(scene, place, dice), description=matters.words(matter, dice),
        photos=scene.album.photos(matter, *matters.SHOTS[number % 3], by=reporter, now=now, turn=number),
        client_ref=f"demo:{number}", reporter_name=matters.citizen(channel, dice),
        reporter_phone=matters.phone(channel, dice), occurred_at=now - timedelta(minutes=3),
    )  # fmt: skip
    if received.reporter_phone:
        wish = (Wish.ANSWER, Wish.UNSAID, Wish.ANONYMOUS)[number % 3]
        received = replace(received, reporter_wish=wish)
    made = intake.report(received, actor=reporter, now=now)
    scene.begun += 1
    yield (now := now + scene.wait(6))
    duty = scene.actors["haiyan"]
    if made.duplicates and dice.random() < 0.6:
        file.merge(made.id, master=made.duplicates[0].id, actor=duty, now=now, reason="同一问题")
        return
    if channel in matters.TO_VERIFY:
        collector = scene.actors[dice.choice(("xiaoyan", "liming"))]
        verify.ask_verify(made.id, assignee=collector.ref, actor=duty, now=now)
        yield (now := now + scene.wait(35))
        absent = dice.random() < 0.08
        result = Verification.ABSENT if absent else Verification.EXISTS
        verify.record_verification(
            made.id, result=result, reason="现场未见" if absent else "", actor=collector, now=now,
            photos=scene.album.photos(matter, "verify", by=collector, now=now, turn=number),
        )  # fmt: skip
        yield (now := now + scene.wait(5))
        if absent:
            verify.reject(made.id, reason="核实不存在", actor=duty, now=now)
            return
    else:
        verify.accept(made.id, actor=duty, now=now)
        yield (now := now + scene.wait(4))
    yield from _from_filing(scene, made.id, matter, dice, now)


def camera_life(scene: Scene, number: int, begins: datetime) -> Life:
    """A problem that a camera sees; a person says whether it is one."""
    dice = random.Random(f"camera:{number}")
    camera = dice.choice(scene.cameras)
    kind = dice.choices(list(matters.KINDS), list(matters.KINDS.values()))[0]
    now, is_true = begins, dice.random() <= matters.TRUE_SHARE[kind]
    key = _receive(scene, camera, kind, number, dice, now, is_true=is_true)
    scene.begun += 1
    yield (now := now + scene.wait(14))
    reviewer = scene.actors["lina"]
    if not is_true:
        reason = dice.choice(matters.REASONS[kind])
        vision.reject_finding(key, reason=reason, actor=reviewer, now=now)
        return
    vision.confirm_finding(key, actor=reviewer, now=now)
    drain(scene.reactions(now), now=now)
    order = _order_of(key)
    yield (now := now + scene.wait(5))
    verify.accept(order, actor=scene.actors["haiyan"], now=now)
    yield (now := now + scene.wait(3))
    yield from _from_filing(scene, order, matters.MATTER_OF[kind], dice, now)


def _receive(
    scene: Scene,
    camera: object,
    kind: FindingKind,
    number: int,
    dice: random.Random,
    now: datetime,
    *,
    is_true: bool,
) -> int:
    dwell = timedelta(seconds=dice.uniform(60, 1500))
    return findings.report(
        scene.album, robot=ROBOT, now=now,
        finding_id=hashlib.sha256(f"demo:{number}".encode()).hexdigest()[:32],
        camera=camera.code, kind=kind, matter_code=matters.MATTER_OF[kind],
        zone=matters.ZONE_OF[kind],
        started_at=now - dwell, start_unknown=dice.random() < 0.05,
        bbox=_box(kind, dice, is_true=is_true),
        score=round(dice.betavariate(*(9, 3) if is_true else (6, 5)), 2),
        model="static-background", model_version="1",
    )  # fmt: skip


def _box(
    kind: FindingKind, dice: random.Random, *, is_true: bool
) -> tuple[float, float, float, float]:
    """A true finding is where the thing stands, a false one anywhere on the pavement."""
    left, top = dice.uniform(100, 500), dice.uniform(120, 300)
    return matters.BOX_OF[kind] if is_true else (left, top, 120.0, 90.0)


def _order_of(finding: int) -> int:
    from chengzhi.vision.models import Finding

    return int(Finding.objects.get(pk=finding).work_order.removeprefix("workorder:"))


def _from_filing(scene: Scene, order: int, matter: str, dice: random.Random, now: datetime) -> Life:
    duty = scene.actors["haiyan"]
    if dice.random() < 0.015:
        file.void(order, reason="经查不属于本局职责", actor=duty, now=now)
        return
    rows = current().handling_rows(matter, on=_day(now))
    row = rows[0] if dice.random() < 0.7 else dice.choice(rows)
    filed = file.file(order, condition_number=row.condition_no, actor=duty, now=now)
    yield (now := now + scene.wait(6))
    unit = filed.suggested_unit or "S01"
    handle.dispatch(order, unit=unit, actor=duty, now=now)
    handler = scene.handler(unit)
    yield (now := now + scene.wait(9))
    if handler.unit != unit:
        return  # the invented unit has no invented people: it waits for a person to act
    handle.accept_task(order, actor=handler, now=now)
    yield from _handle(scene, order, matter, handler, dice, now)


def _handle(
    scene: Scene, order: int, matter: str, handler: Actor, dice: random.Random, now: datetime
) -> Life:
    again = dice.random() < 0.07
    collector = scene.actors[dice.choice(("xiaoyan", "liming"))]
    for turn in range(2 if again else 1):
        yield (now := now + scene.wait(45))
        photos = scene.album.photos(matter, "after", by=handler, now=now, turn=order)
        handled = handle.record_handling(
            order, photos=photos, actor=handler, now=now, note=matters.done(matter, dice)
        )
        yield (now := now + scene.wait(25))
        failed = again and turn == 0
        if not handled.checker:
            check.assign_check(order, assignee=collector.ref, actor=scene.actors["haiyan"], now=now)
        collector = scene.by_ref(handled.checker) or collector
        yield (now := now + scene.wait(12))
        check.record_check(
            order, result=Check.FAIL if failed else Check.PASS, actor=collector, now=now,
            reason="仍有遗留，未清理干净" if failed else "",
            confirmed=None if failed else closing_items(handled.closing_condition),
            photos=scene.album.photos(
                matter, *(["check"] if order % 3 == 0 else []), by=collector, now=now, turn=order
            ),
        )  # fmt: skip
    yield (now := now + scene.wait(8))
    check.close(order, actor=scene.actors["haiyan"], now=now)


def _address(scene: Scene, place: object, dice: random.Random) -> str:
    road = scene.roads.get(place.road) or dice.choice(list(scene.roads.values()))
    return f"{road} {dice.randrange(1, 320)} 号"


def _day(now: datetime) -> date:
    return (now + timedelta(hours=8)).date()
