"""A camera that was pushed or turned while its worker restarted is found out like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.camera_worker import CameraWorker
from chengzhi_vision.config import Camera
from chengzhi_vision.disk import Disk
from chengzhi_vision.fleet.memory import Memories
from chengzhi_vision.perspective import Perspective, expected_height
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.snapshot import knows_view, load_memory, save_memory
from chengzhi_vision.recheck.desk import Desk
from chengzhi_vision.recheck.looking import Rechecks, SecondLooks
from chengzhi_vision.recheck.memory import load_marks
from chengzhi_vision.recheck.outbox import Outbox
from chengzhi_vision.scene.health import Trouble
from chengzhi_vision.types import Frame

from .scenes import Scene, camera_with, parked
from .test_recheck import BORN, BOX, place, scene
from .test_views import POLES, moved, preset, pushed
from .test_worker import camera as table

HOUR_S = 3600.0


def watch(
    pipeline: Pipeline,
    start: float,
    seconds: float,
    *,
    by: tuple[float, float] = (0, 0),
    light: Callable[[np.ndarray], np.ndarray] = lambda image: image,
) -> set[Trouble | None]:
    """Show the street for some seconds, its picture moved by so many pixels; return the troubles."""
    scene, seen = Scene(things=POLES), set()
    for index in range(int(seconds / 2)):
        at = start + 2 * index
        image = moved(light(scene.picture(at)), *by)
        pipeline.feed(Frame(index=index, pts=at, at=at, image=image.astype(np.uint8)))
        seen.add(pipeline.trouble)
    return seen


def restarted(before: Pipeline, path: Path, *, at: float, camera: Camera | None = None) -> Pipeline:
    save_memory(before, path)
    after = Pipeline(camera or before.drawn, detector=None)
    load_memory(after, path, at=at)
    return after


@pytest.fixture
def street(tmp_path: Path) -> Pipeline:
    pipeline = Pipeline(camera_with(parked(60)), detector=None)
    watch(pipeline, 0, 60)
    return pipeline


def corner(camera: Camera) -> tuple[float, float]:
    return camera.zones[0].polygon[0]


@pytest.mark.parametrize("away_s", [20.0, 5 * HOUR_S])
def test_a_camera_that_was_turned_meanwhile_is_told_as_moved(away_s: float, street, tmp_path):
    after = restarted(street, tmp_path / "C001.json", at=60 + away_s)

    watch(after, 60 + away_s, 20, by=(80, 0))

    assert after.trouble is Trouble.MOVED


@pytest.mark.parametrize(("by", "told"), [((80, 0), Trouble.MOVED), ((8, -5), None)])
def test_the_next_worker_finds_it_out_too(by, told, street, tmp_path):
    """The first worker is killed: of what it knows there is only what it had sent."""
    here, there = tmp_path / "here", tmp_path / "there"
    save_memory(street, here / "C001.json")
    body = Memories(here).changed("C001", now=60)
    assert body is not None
    Memories(there).keep("C001", body, saved_at=60)
    after = Pipeline(street.drawn, detector=None)
    load_memory(after, there / "C001.json", at=90)

    watch(after, 90, 60, by=by)

    assert after.trouble is told
    assert (after.moved == (0.0, 0.0)) is (told is Trouble.MOVED)


def test_it_stays_moved_over_one_more_restart_and_is_well_when_it_is_turned_back(street, tmp_path):
    once = restarted(street, tmp_path / "C001.json", at=80)
    watch(once, 80, 60, by=(80, 0))

    again = restarted(once, tmp_path / "C001.json", at=5 * HOUR_S)
    watch(again, 5 * HOUR_S, 60, by=(80, 0))
    turned = again.trouble
    watch(again, 5 * HOUR_S + 60, 20)

    assert (turned, again.trouble) == (Trouble.MOVED, None)


def test_a_camera_that_was_pushed_a_little_meanwhile_is_registered_anew(street, tmp_path):
    after = restarted(street, tmp_path / "C001.json", at=80)

    watch(after, 80, 60, by=(8, -5))

    assert after.moved == pytest.approx((8, -5), abs=1.5)
    assert np.subtract(corner(after.camera), corner(after.drawn)) == pytest.approx((8, -5), abs=1.5)


def test_zones_that_were_moved_before_the_restart_are_not_moved_twice(tmp_path):
    first = pushed(camera_with(parked(60)))

    after = restarted(first, tmp_path / "C001.json", at=70)
    watch(after, 70, 60, by=(8, -5))

    assert after.moved == first.moved


@pytest.mark.parametrize("gain", [0.4, 0.6, 1.6])
@pytest.mark.parametrize("away_s", [20.0, 10 * HOUR_S])
def test_another_light_after_the_restart_is_no_other_view(
    gain: float, away_s: float, street, tmp_path
):
    after = restarted(street, tmp_path / "C001.json", at=60 + away_s)

    seen = watch(after, 60 + away_s, 60, light=partial(cv2.convertScaleAbs, alpha=gain))

    assert Trouble.MOVED not in seen
    assert (after.trouble, after.moved) == (None, (0.0, 0.0))


def test_hours_later_a_slight_shift_may_be_shadows_and_moves_no_zone(street, tmp_path):
    after = restarted(street, tmp_path / "C001.json", at=5 * HOUR_S)

    watch(after, 5 * HOUR_S, 90, by=(8, -5))

    assert (after.trouble, after.moved) == (None, (0.0, 0.0))


def test_after_more_than_a_day_the_present_view_is_taken_as_it_is(street, tmp_path):
    after = restarted(street, tmp_path / "C001.json", at=25 * HOUR_S)

    seen = watch(after, 25 * HOUR_S, 20, by=(80, 0))

    assert seen == {None}


def test_zones_that_were_drawn_anew_lie_in_the_view_of_today(street, tmp_path):
    corners = [[0, 0], [9, 0], [9, 9]]
    area = {"name": "more", "kind": "no_parking", "polygon": corners, "rules": []}
    redrawn = camera_with(parked(60), areas=[area])

    after = restarted(street, tmp_path / "C001.json", at=80, camera=redrawn)

    assert watch(after, 80, 20, by=(80, 0)) == {None}


def test_a_stream_of_another_shape_begins_with_its_own_picture(street, tmp_path):
    after = restarted(street, tmp_path / "C001.json", at=80)
    tall = cv2.resize(Scene(things=POLES).picture(0), (480, 360))

    for index in range(10):
        after.feed(Frame(index=index, pts=80 + index, at=80.0 + index, image=tall.astype(np.uint8)))

    assert after.trouble is None


def test_a_turning_camera_has_its_own_way(tmp_path):
    home = Scene(things=POLES)
    views = [preset("A", home.picture(0), "street")]
    first = Pipeline(camera_with(parked(15), presets=views), detector=None)
    watch(first, 0, 60)

    after = restarted(first, tmp_path / "C001.json", at=80)
    elsewhere = watch(after, 80, 20, by=(200, 0))
    back = watch(after, 100, 20)

    assert (knows_view(first), after.trouble) == (False, None)
    assert (elsewhere, back) == ({Trouble.OTHER_VIEW}, {Trouble.OTHER_VIEW, None})


def night(image: np.ndarray) -> np.ndarray:
    """Return the street under two lamps, noisy and without a sky."""
    rows, columns = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    lamps = sum(
        np.exp(-(((columns - x) / 90) ** 2 + ((rows - y) / 70) ** 2)) for x, y in ((120, 90), (470, 200))
    )  # fmt: skip
    noise = np.random.default_rng(5).normal(0, 6, image.shape)
    lit = image * (0.15 + 0.9 * lamps)[:, :, None] + noise
    return np.clip(lit, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("away_s", [20.0, 10 * HOUR_S])
def test_the_night_after_the_day_is_no_other_view(away_s: float, street, tmp_path):
    after = restarted(street, tmp_path / "C001.json", at=60 + away_s)

    seen = watch(after, 60 + away_s, 120, light=night)

    assert (Trouble.MOVED in seen, after.moved) == (False, (0.0, 0.0))


def test_the_height_of_people_moves_with_the_picture():
    hint = Perspective(far=(100.0, 100.0, 20.0), near=(300.0, 300.0, 60.0))

    camera = pushed(replace(camera_with(parked(60)), perspective=hint)).camera

    assert camera.perspective is not None
    moved_by = camera.perspective.far[1] - 100.0
    assert moved_by == pytest.approx(-5, abs=1.5)
    assert expected_height(camera.perspective, 200.0 + moved_by) == pytest.approx(40.0)


def test_how_the_picture_looks_is_kept_though_nothing_stands_there(around, street):
    own = CameraWorker(read_camera(table("rtsp://h/1")), around=around)
    own._memory.pipeline = street

    own._memory.save()

    after = Pipeline(street.drawn, detector=None)
    load_memory(after, own._memory.path, at=80)
    assert watch(after, 80, 20, by=(80, 0)) == {None, Trouble.MOVED}


def test_what_was_reported_is_looked_for_where_the_picture_has_it_now(street, tmp_path):
    looks = SecondLooks(
        street,
        rechecks=Rechecks(desk=Desk(), outbox=Outbox(tmp_path / "out")),
        state_folder=tmp_path,
        disk=Disk(tmp_path),
    )
    looks.watcher.reported("F-1", place(before=True), scene(0))
    street.moved = (8.0, -5.0)
    frame = Frame(index=0, pts=0, at=BORN, image=Scene().picture(0))
    looks.saw(frame)  # where the zones lie after a restart, nothing has to be moved
    street.moved = (10.0, -5.0)

    looks.saw(frame)

    (mark,) = load_marks(tmp_path / "C001.marks.json")
    assert (mark.box.x, mark.box.y) == (BOX.x + 2, BOX.y)
