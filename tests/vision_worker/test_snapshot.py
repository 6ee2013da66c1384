"""What a camera knows outlives a restart: clocks, outlines, what was asked, every view."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chengzhi_vision.dwell.asked import Asked, Tries
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.dwell.witness import Witness
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.snapshot import has_memory, load_memory, save_memory
from chengzhi_vision.scene.ground import KnownGround
from chengzhi_vision.types import Box, FindingKind, ObjectClass, Still

from .scenes import Player, Scene, Thing, camera_with, left, parked, standing
from .test_views import POLES, preset

LOOK = np.arange(48 * 48, dtype=np.uint8).reshape(48, 48)
BAG = Thing(kind=None, where=standing(300, 250, start=5), size=(40, 40), seed=3)


def place(**known: Any) -> Place:
    return Place(
        kind=ObjectClass.OBJECT, zone="street", box=Box(x=300, y=250, w=40, h=40), anchor=LOOK,
        **{"since": 100.0, "last_present": 130.0, **known},
    )  # fmt: skip


def handed_on(pipeline: Pipeline, path: Path, *, at: float, scene: Scene) -> Pipeline:
    """Write what a worker knows and begin anew with it, as after kill -9."""
    save_memory(pipeline, path)
    fresh = Pipeline(pipeline.drawn, detector=scene)
    load_memory(fresh, path, at=at)
    return fresh


def test_a_stay_goes_on_with_all_that_was_found_out(tmp_path):
    before, street = Pipeline(camera_with(left(60)), detector=None), Scene()
    asked = Asked(early=Tries(count=2, named=1, asked_at=128.0), refused_at=129.0, refusals=2)
    asked.sure_of, asked.late = Box(x=300, y=250, w=40, h=40), Tries(count=3)
    stay = place(
        witness=Witness(LOOK, LOOK[::-1].copy()), is_dated=True, is_old=True, dating=3, before=LOOK, not_before=90.0,
        asked={FindingKind.OBJECT_LEFT: asked}, first=Still(pts=1.0, at=2.0, jpeg=b"jpeg"),
    )  # fmt: skip
    before.places.items.append(stay)

    after = handed_on(before, tmp_path / "C001.json", at=131.0, scene=street)

    (known,) = after.places.items
    assert known.asked == stay.asked
    assert known.witness is not None and stay.witness is not None
    assert (known.witness.thing == LOOK).all()
    assert (known.witness.ground == stay.witness.ground).all()
    assert (known.is_dated, known.is_old, known.dating, known.first) == (True, True, 3, stay.first)
    assert known.not_before == 90.0
    assert after.places.resumed_at == 131.0


def test_the_color_of_the_street_behind_the_things_outlives_a_restart(tmp_path):
    """A thing that only its color tells from the ground stands in the same outline after it."""
    street = Scene(things=[BAG])
    first = Pipeline(camera_with(left(20), kind="pavement_clear"), detector=street)
    Player(scene=street, pipeline=first).play(0, 15, fps=2)
    before = first.static.ground_color
    assert before is not None

    second = handed_on(first, tmp_path / "C001.json", at=15.0, scene=street)
    Player(scene=street, pipeline=second).play(15, 16, fps=2)

    after = second.static.ground_color
    assert after is not None
    assert float(np.abs(after.astype(int) - before).mean()) < 3.0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "places": []}', '{"version": 2}'])
def test_an_unreadable_or_older_file_counts_as_none(text: str, tmp_path):
    path, pipeline = tmp_path / "C001.json", Pipeline(camera_with(left(60)), detector=None)
    path.write_text(text, "utf-8")

    load_memory(pipeline, path, at=5.0)

    assert (pipeline.places.items, pipeline.views, pipeline.places.resumed_at) == ([], {}, 5.0)


def test_a_thing_is_seen_as_new_again_after_a_restart_and_keeps_its_clock(tmp_path):
    street = Scene(things=[BAG])
    first = Pipeline(camera_with(left(20), kind="pavement_clear"), detector=street)
    Player(scene=street, pipeline=first).play(0, 15, fps=2)
    (before,) = first.places.items

    second = handed_on(first, tmp_path / "C001.json", at=15.0, scene=street)
    found = Player(scene=street, pipeline=second).play(15, 32, fps=2)

    (after,) = second.places.items
    assert [f.started_at for f in found] == [before.since]
    assert after.seen - before.seen > 15  # of the looks since then: it is proposed, not only alike
    assert (after.is_dated, after.start_unknown) == (True, False)


def test_what_is_put_down_while_the_worker_was_away_is_new_and_its_start_unknown(tmp_path):
    one, other = Scene(things=[BAG]), Thing(kind=None, where=standing(120, 200), size=(50, 40))
    first = Pipeline(camera_with(left(20), kind="pavement_clear"), detector=one)
    Player(scene=one, pipeline=first).play(0, 15, fps=2)
    both = Scene(things=[BAG, other])

    second = handed_on(first, tmp_path / "C001.json", at=20.0, scene=both)
    found = Player(scene=both, pipeline=second).play(20, 50, fps=2)

    assert [(round(f.started_at), f.start_unknown) for f in found] == [(5, False), (20, True)]


def test_what_stands_there_before_it_is_a_place_is_new_after_a_restart_too(tmp_path):
    street, empty = Scene(things=[BAG]), Scene()
    first = Pipeline(camera_with(left(20), kind="pavement_clear"), detector=street)
    Player(scene=street, pipeline=first).play(0, 8, fps=2)
    before = list(first.places.items)
    calm = Pipeline(camera_with(left(20), kind="pavement_clear"), detector=empty)
    Player(scene=empty, pipeline=calm).play(0, 8, fps=2)

    second = handed_on(first, tmp_path / "C001.json", at=8.0, scene=street)
    found = Player(scene=street, pipeline=second).play(8, 34, fps=2)

    assert before == []
    assert (has_memory(first), has_memory(calm)) == (True, False)
    assert [(f.start_unknown, round(f.started_at)) for f in found] == [(True, 8)]


def test_the_street_behind_the_things_is_forgotten_after_a_long_break_and_in_another_view():
    picture = np.random.default_rng(1).integers(0, 255, (90, 160)).astype(np.uint8)
    known = KnownGround(picture=picture, at=100.0)

    assert known.for_start(picture, at=400.0) is not None
    assert known.for_start(picture, at=800.0) is None
    assert known.for_start(picture[::-1].copy(), at=400.0) is None
    assert known.for_start(picture[:80], at=400.0) is None


def test_a_stream_that_is_opened_anew_goes_on_before_the_same_street():
    street = Scene(things=[BAG])
    pipeline = Pipeline(camera_with(left(20), kind="pavement_clear"), detector=street)
    play = Player(scene=street, pipeline=pipeline).play
    play(0, 15, fps=2)
    seen = pipeline.places.items[0].seen

    pipeline.resume(at=15.0)
    found = play(15, 32, fps=2)

    assert [round(f.started_at) for f in found] == [5]
    assert pipeline.places.items[0].seen - seen > 15


def test_a_turning_camera_keeps_the_places_of_its_other_views(tmp_path):
    car = Thing(kind=ObjectClass.VEHICLE, where=standing(300, 200))
    home, away = Scene(things=[*POLES, car]), Scene(things=POLES[:1], seed=99)
    views = [preset("A", home.picture(0), "street"), preset("B", away.picture(0))]
    first = Pipeline(camera_with(parked(15), presets=views), detector=home)
    Player(scene=home, pipeline=first).play(0, 8, fps=2)
    Player(scene=away, pipeline=first).play(8, 12, fps=2)
    (stay,) = first.views["A"]

    second = handed_on(first, tmp_path / "C001.json", at=12.0, scene=away)
    Player(scene=away, pipeline=second).play(12, 16, fps=2)
    third = handed_on(second, tmp_path / "C001.json", at=16.0, scene=home)
    found = Player(scene=home, pipeline=third).play(16, 30, fps=2)

    assert [f.started_at for f in found] == [stay.since]


def test_the_places_of_a_view_that_is_no_longer_drawn_are_dropped():
    pipeline = Pipeline(camera_with(parked(15)), detector=None)

    pipeline.recall([], views={"A": [place()]}, ground=None)

    assert pipeline.views == {}


@pytest.mark.parametrize(("redrawn", "left"), [(False, 12.0), (True, 0.0)])
def test_zones_stay_where_the_shifted_picture_has_them_until_they_are_drawn_anew(
    redrawn: bool, left: float, tmp_path
):
    before = Pipeline(camera_with(parked(15)), detector=None)
    before.recall_shift(12.0, -4.0)
    save_memory(before, tmp_path / "C001.json")
    area = {"name": "more", "kind": "no_parking", "polygon": [[0, 0], [9, 0], [9, 9]], "rules": []}

    after = Pipeline(camera_with(parked(15), areas=[area] if redrawn else []), detector=None)
    load_memory(after, tmp_path / "C001.json", at=5.0)

    assert min(x for x, _ in after.camera.zones[0].polygon) == left
    assert (after.docket.note == "zones_moved:+12,-4") is not redrawn
