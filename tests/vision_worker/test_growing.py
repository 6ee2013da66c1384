"""How a nameless thing grows, when it is gone, and when a detector knows its name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chengzhi_vision.dwell.growing import (
    elders_within,
    grow_to,
    join,
    stands_apart,
)
from chengzhi_vision.dwell.look import similarity
from chengzhi_vision.dwell.place import Place, Presence, judge, note_absent, note_hidden
from chengzhi_vision.dwell.view import View
from chengzhi_vision.dwell.witness import Says
from chengzhi_vision.findings import kind_table
from chengzhi_vision.rules.naming import is_named
from chengzhi_vision.scene.past import Past
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, FindingKind, ObjectClass

LOOK = np.zeros((48, 48), np.uint8)
CRATE, STALL = Box(x=100, y=100, w=40, h=30), Box(x=90, y=60, w=120, h=80)
BESIDE = Box(x=160, y=100, w=40, h=30)
GOODS, CYCLE = kind_table()[FindingKind.GOODS_ON_PAVEMENT], ObjectClass.TWO_WHEELER


def place(box: Box = CRATE, *, since: float = 0.0, **known: Any) -> Place:
    row = {"kind": ObjectClass.OBJECT, "zone": "front", "anchor": LOOK, "last_present": 60.0}
    row |= {"looks": 40, "seen": 40, "score_sum": 32.0, "is_dated": True}
    return Place(box=box, since=since, **{**row, **known})


def test_a_younger_thing_does_not_grow_over_one_that_stands_there_to_be_seen():
    elder, younger = place(zone="left", since=0.0), place(BESIDE, since=20.0)

    (found,) = elders_within(younger, STALL, [elder, younger])

    assert found is elder
    assert stands_apart(younger, elder)


def test_what_stands_in_two_zones_is_no_elder_of_itself():
    one, same = place(zone="left", since=0.0), place(zone="right", since=10.0)

    assert elders_within(same, STALL, [one, same]) == []


def test_a_stall_goes_on_with_the_clock_of_its_first_crate_though_that_is_hidden():
    crate, stall = place(since=8.0, hidden=30, hidden_looks=12), place(STALL, since=25.0)

    joined = join(stall, crate)

    assert not stands_apart(stall, crate)
    assert (joined, stall.since) == (True, 8.0)


@pytest.mark.parametrize(
    "change", [{"vetoes": 30}, {"seen": 10, "score_sum": 8.0}], ids=["somebody", "hardly-seen"]
)
def test_what_was_somebody_or_hardly_seen_is_no_first_part(change: dict[str, Any]):
    doubtful, stall = place(since=8.0, **change), place(BESIDE, since=25.0)

    assert not doubtful.is_believed
    assert elders_within(stall, STALL, [doubtful, stall]) == []


def test_what_was_reported_keeps_its_own_stay():
    told, stall = place(since=8.0, alert_count=1), place(STALL, since=10.0)

    assert not join(stall, told)
    assert stall.since == 10.0


def test_of_what_passes_in_front_some_looks_like_the_ground_and_that_is_no_departure():
    hidden, bare = place(), place()

    for _ in range(30):
        note_absent(hidden, elapsed=0.2)
        for _ in range(5):
            note_hidden(hidden, elapsed=0.2)
    for _ in range(20):
        note_absent(bare, elapsed=0.2)

    assert hidden.absent_s < 1
    assert bare.absent_s == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, True),
        ({"seen": 3}, False),
        ({"score_sum": 12.0}, False),
        ({"looks": 80}, False),
        ({"since": 30.0}, False),
        ({"is_lost": True}, False),
        ({"box": Box(x=300, y=100, w=40, h=30)}, False),
    ],
)
def test_a_wheel_without_a_name_is_part_of_the_cycle_that_was_named_all_along(change, named):
    wheel, cycle = place(), place(Box(x=95, y=90, w=60, h=45), kind=CYCLE, zone="cycles")
    for name, value in change.items():
        setattr(cycle, name, value)

    assert is_named(wheel, GOODS, [wheel, cycle]) is named


def test_a_cycle_that_must_be_proven_and_a_stall_beside_a_cart_are_not_named_away():
    thing, cycle = place(), place(Box(x=95, y=90, w=60, h=45), kind=CYCLE)
    table = kind_table()

    assert not is_named(thing, table[FindingKind.TWO_WHEELER_PARKED], [cycle])
    assert not is_named(thing, table[FindingKind.STREET_TRADING], [cycle])


def alike(share: float) -> np.ndarray:
    """A look that is partly like the anchor and partly something that passes in front."""
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 255, (2, 48, 48))
    return np.asarray(one * share + other * (1 - share), np.uint8)


@pytest.mark.parametrize(
    ("hidden", "shows", "share", "presence"),
    [
        (9, Says.OTHER, 0.57, Presence.HIDDEN),
        (9, Says.OTHER, 0.9, Presence.PRESENT),
        (9, Says.THING, 0.57, Presence.PRESENT),
        (9, None, 0.57, Presence.PRESENT),
        (0, Says.OTHER, 0.57, Presence.PRESENT),
    ],
)
def test_what_was_hidden_is_seen_again_when_its_own_pixels_say_so(hidden, shows, share, presence):
    limits, look = thresholds().dwell, alike(share)
    stay = place(anchor=alike(1.0), hidden=hidden, shows=shows)

    told = judge(stay, look, seen=None, limits=limits)

    assert similarity(alike(1.0), look) > 0.75
    assert told is presence


GROUND = np.random.default_rng(8).integers(90, 130, (180, 320)).astype(np.uint8)
THINGS = np.random.default_rng(9).integers(0, 60, (60, 100)).astype(np.uint8)


def street(*, crate_at: float, stall_at: float, now: float) -> View:
    """A crate is put down, then a stall around it; the pictures of the last seconds are kept."""
    past, picture = Past(), GROUND
    for second in range(int(now) + 1):
        picture = GROUND.copy()
        if second >= stall_at:
            picture[60:120, 90:190] = THINGS
        if second >= crate_at:
            picture[100:120, 100:130] = 220
        past.note(picture, at=float(second))
    return View(
        at=now, luma=picture, scale=1.0, looked=frozenset(), still=lambda: None, small=picture,
        ground=GROUND, past=past, stream_age_s=now,
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(("stall_at", "since"), [(9.0, 9.0), (12.0, 8.0)])
def test_only_a_speck_of_what_comes_at_once_leaves_its_clock(stall_at: float, since: float):
    crate = place(Box(x=100, y=100, w=30, h=20), since=8.0)
    view = street(crate_at=8.0, stall_at=stall_at, now=19.0)

    grow_to(crate, Box(x=90, y=60, w=100, h=60), view, rested=stall_at)

    assert crate.since == since


def test_a_stay_never_starts_later_than_the_whole_was_there():
    piece = place(Box(x=100, y=70, w=60, h=50), since=12.0)
    view = street(crate_at=8.0, stall_at=8.0, now=19.0)

    grow_to(piece, Box(x=90, y=60, w=100, h=60), view, rested=8.0)

    assert (piece.since, piece.box.w) == (8.0, 100)
