"""Two years of the demo county, lived through the same commands that people use.

A queue of lives ordered by time: every life says when it goes on, so that events are written in
the order in which they happened. Whatever would happen after the present moment has not happened
yet, and stays on somebody's desk.
"""

import gc
import heapq
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import transaction

from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.queries import beats, control, directory, people
from seed import notices
from seed.lives import Scene, camera_life, report_life
from seed.people import FOUNDED
from seed.remedies import fund_lives, remedy_lives
from seed.requests import request_lives
from seed.thresholds import threshold_lives
from seed.whistles import whistle_lives

ORDERS = 2000
FINDINGS = 760
RECENT = 0.03  # the share that arrives in the last hours, still on somebody's desk
YEARS = timedelta(days=730)
STEPS = ORDERS + FINDINGS
TOGETHER = 100  # deeds to a transaction of the build; each has its own savepoint in it
Life = Iterator[datetime]


def live_through(*, seed: int, now: datetime | None = None) -> Iterator[str]:
    """Live until `now`; yield once for every life that begins."""
    directory.FRESH = people.FRESH = beats.FRESH = control.FRESH = timedelta(
        days=60
    )  # nobody changes names or routes in this history
    dice = random.Random(seed)
    now = now or datetime.now(UTC)
    scene = Scene(dice=dice, now=now)
    queue: list[tuple[datetime, int, Life]] = []
    for number, (begins, life) in enumerate(_lives(scene, dice, now)):
        heapq.heappush(queue, (begins, number, life))
    notices.settle(scene.actors, now=max(FOUNDED, now - YEARS))
    with _undisturbed():
        while queue:
            yield from _live_on(scene, queue, now)
    scene.settle(now)
    notices.hold_one(scene.actors, now=now)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Look for unreachable objects rarely: a build makes millions of objects and no cycles."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@transaction.atomic
def _live_on(scene: Scene, queue: list[tuple[datetime, int, Life]], now: datetime) -> list[str]:
    """Go on with the next lives in one transaction, and return the moments at which any began."""
    begun = []
    for _ in range(min(TOGETHER, len(queue))):
        at, number, life = heapq.heappop(queue)
        if at > now:
            continue
        scene.tick(at)
        if (then := _go_on(life)) is not None:
            heapq.heappush(queue, (max(then, at), number, life))
        if scene.began():
            begun.append(at.isoformat())
    return begun


def _go_on(life: Life) -> datetime | None:
    try:
        return next(life, None)
    except StepNotAllowed:  # somebody else's deed came first, as happens in real life
        return None


def _lives(scene: Scene, dice: random.Random, now: datetime) -> Iterator[tuple[datetime, Life]]:
    for number in range(ORDERS - round(FINDINGS * 0.74)):
        begins = _moment(dice, now)
        yield begins, report_life(scene, number, begins)
    for number in range(FINDINGS):
        begins = _moment(dice, now)
        yield begins, camera_life(scene, number, begins)
    yield from whistle_lives(scene, random.Random("whistles"), now)
    yield from fund_lives(scene, now)
    yield from remedy_lives(scene, random.Random("remedies"), now)
    yield from request_lives(scene, random.Random("requests"), now)
    yield from threshold_lives(scene, now)


def _moment(dice: random.Random, now: datetime) -> datetime:
    """Return a moment between seven in the morning and nine in the evening, more of them lately."""
    if dice.random() < RECENT:
        return now - timedelta(hours=abs(dice.gauss(0, 7)))
    day = now - YEARS * (1 - dice.triangular(0, 1, 1))  # the second year is busier than the first
    return day.replace(hour=23, minute=0) - timedelta(hours=24 - dice.triangular(0, 14, 5))
