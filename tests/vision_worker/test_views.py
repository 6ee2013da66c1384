"""The view as a whole: a pushed camera, a turning one, and the empty street known from before."""

import base64
from dataclasses import replace

import cv2
import numpy as np
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.config import Camera
from chengzhi_vision.errors import CameraFileInvalid
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.scene.blobs import blobs_of
from chengzhi_vision.scene.ground import LearnedGround, load_ground, save_ground
from chengzhi_vision.scene.health import SceneHealth, Trouble, shrunk
from chengzhi_vision.scene.light import Tint, gain_between, is_light, relit
from chengzhi_vision.scene.memory import GroundMemory
from chengzhi_vision.scene.order import correlation, median, percentile
from chengzhi_vision.scene.pieces import joined
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, Frame, ObjectClass

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, camera_with, left, parked, standing

LIMITS = thresholds()
RNG = np.random.default_rng(3)
POLES = [Thing(kind=None, where=standing(x, 60), size=(60, 70), seed=x) for x in (60, 300, 520)]


def grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def moved(image: np.ndarray, dx: float, dy: float) -> np.ndarray:
    step = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return cv2.warpAffine(image, step, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)


def lasting(shift) -> list[tuple[float, float]]:
    """Show a street whose picture shifts, and return the lasting shifts that are told."""
    health, scene, told = SceneHealth(LIMITS.health), Scene(things=POLES), []
    for index in range(40):
        t = float(2 * index)
        health.update(shrunk(grey(moved(scene.picture(t), *shift(index)))), at=t)
        step = health.lasting_shift()
        if step is not None:
            told.append((step[0] * WIDTH, step[1] * WIDTH))
    return told


def test_a_camera_that_was_pushed_a_little_is_registered_anew_once():
    ((dx, dy),) = lasting(lambda i: (8, -5) if i >= 10 else (0, 0))

    assert (dx, dy) == pytest.approx((8, -5), abs=1.5)


def test_a_camera_that_only_shakes_is_not():
    assert lasting(lambda i: (6, 4) if i % 2 else (-6, -4)) == []


def pushed(camera: Camera) -> Pipeline:
    """Return the chain of a camera that was pushed a little on its way."""
    pipeline, scene = Pipeline(camera, detector=None), Scene(things=POLES)
    for index in range(30):
        t = float(2 * index)
        image = moved(scene.picture(t), *((8, -5) if index >= 8 else (0, 0)))
        pipeline.feed(Frame(index=index, pts=t, at=t, image=image.astype(np.uint8)))
    return pipeline


def test_zones_places_and_clocks_move_with_the_picture():
    camera = camera_with(parked(60))

    pipeline = pushed(camera)

    (x, y), (drawn_x, drawn_y) = (c.zones[0].polygon[0] for c in (pipeline.camera, camera))
    assert (x - drawn_x, y - drawn_y) == pytest.approx((8, -5), abs=1.5)
    assert pipeline.docket.note.startswith("zones_moved:+")


def test_a_clip_that_begins_again_knows_nothing_of_moved_zones():
    camera = camera_with(parked(60))
    pipeline = pushed(camera)

    pipeline.reset()

    assert pipeline.camera == camera
    assert (pipeline.docket.note, pipeline.moved) == ("", (0.0, 0.0))


def preset(name: str, image: np.ndarray, *zones: str) -> dict[str, object]:
    data = base64.b64encode(cv2.imencode(".jpg", image)[1].tobytes()).decode()
    return {"name": name, "picture": f"data:image/jpeg;base64,{data}", "zones": list(zones)}


def test_a_turned_camera_watches_the_zones_of_its_preset_and_pauses_elsewhere():
    car = Thing(kind=ObjectClass.VEHICLE, where=standing(300, 200))
    home, away = Scene(things=[*POLES, car]), Scene(things=POLES[:1], seed=99)
    camera = camera_with(parked(15), presets=[preset("A", home.picture(0), "street")])
    pipeline = Pipeline(camera, detector=home)

    found = Player(scene=home, pipeline=pipeline).play(0, 8, fps=2)
    Player(scene=away, pipeline=pipeline).play(8, 60, fps=1)
    elsewhere = pipeline.trouble
    found += Player(scene=home, pipeline=pipeline).play(60, 90, fps=2)

    assert elsewhere is Trouble.OTHER_VIEW
    assert [str(f.kind) for f in found] == ["motor_vehicle_parked"]
    assert pipeline.trouble is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"zones": ["nowhere"]}, "zones"), ({"picture": "/nowhere.jpg"}, "picture"), ({"name": ""}, "name")],
)  # fmt: skip
def test_a_preset_that_cannot_be_meant_is_refused_by_its_field(change, field):
    row = {**preset("A", np.full((90, 160, 3), 90, np.uint8), "street"), **change}

    with pytest.raises(CameraFileInvalid, match=rf"camera.presets\[0\].{field}"):
        camera_with(parked(15), presets=[row])


def watch(camera, things, *, learned=None) -> Player:
    scene = Scene(things=things)
    pipeline = Pipeline(camera, detector=scene)
    if learned is not None:
        pipeline.learned = learned
    return Player(scene=scene, pipeline=pipeline)


def test_goods_that_stand_there_at_the_start_are_found_once_the_empty_street_is_known(tmp_path):
    camera = camera_with(left(10), kind="pavement_clear")
    limits = replace(LIMITS.ground, every_s=2, learn_s=8, known_share=0.5)
    empty = LearnedGround(limits)
    watch(camera, [], learned=empty).play(0, 24, fps=1)
    save_ground(empty, tmp_path / "C001.ground.npz")
    remembered = LearnedGround(replace(limits, learn_s=8))
    load_ground(remembered, tmp_path / "C001.ground.npz")
    remembered.calm_s += 60  # kept in whole minutes
    crate = Thing(kind=None, where=standing(300, 250), size=(60, 40), seed=3)

    unknown = watch(camera, [crate]).play(0, 22, fps=2)
    known = watch(camera, [crate], learned=remembered).play(0, 22, fps=2)

    assert unknown == []
    assert [(str(f.kind), f.start_unknown) for f in known] == [("object_left", True)]


def test_what_stands_there_is_never_learned_as_ground():
    learned = LearnedGround(replace(LIMITS.ground, every_s=1))
    empty, full = np.full((18, 32), 90, np.uint8), np.full((18, 32), 200, np.uint8)
    calm = np.zeros((18, 32), bool)
    calm[:, :16] = True

    learned.note(empty, calm, at=0)
    learned.note(full, calm, at=10)

    assert learned.picture is not None
    assert set(learned.picture[:, 16:].ravel()) == {90}
    assert set(learned.picture[:, :16].ravel()) == {200}


def street() -> np.ndarray:
    coarse = RNG.integers(70, 170, (18, 32, 3)).astype(np.uint8)
    return cv2.resize(coarse, (320, 180), interpolation=cv2.INTER_LINEAR)


def test_a_shadow_is_light_and_a_bag_is_not():
    before = street()
    after = before.copy()
    after[40:90, 40:140] = (after[40:90, 40:140] * 0.6).astype(np.uint8)
    after[100:150, 200:260] = RNG.integers(0, 255, (50, 60, 3))

    lit = is_light(grey(after), grey(before), Tint.of(after), Tint.of(before), noise=1.0)

    assert lit[50:80, 50:130].mean() > 0.9
    assert lit[105:145, 205:255].mean() < 0.1


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_percentiles_medians_and_correlation_are_those_of_numpy(kind):
    one, other = RNG.integers(0, 255, 301).astype(kind), RNG.integers(0, 255, 301).astype(kind)

    assert [percentile(one, q) for q in (5, 37, 95)] == pytest.approx(
        np.percentile(one, (5, 37, 95)).tolist()
    )
    assert (median(one), median(one[:-1])) == (np.median(one), np.median(one[:-1]))
    assert correlation(one, other) == pytest.approx(np.corrcoef(one, other)[0, 1], rel=1e-4)
    assert correlation(one, np.full(301, 7, kind)) is None


def test_a_still_piece_is_judged_on_its_own_part_of_the_picture():
    mask = np.zeros((90, 160), np.uint8)
    mask[0:3, 0:5] = mask[41:60, 33:50] = mask[80:90, 150:160] = 1

    pieces = list(blobs_of(mask))

    whole = np.zeros(mask.shape, bool)
    for piece in pieces:
        whole[piece.part] |= piece.mask
    assert [piece.outline for piece in pieces] == [
        (0, 0, 5, 3),
        (33, 41, 17, 19),
        (150, 80, 10, 10),
    ]
    assert [piece.is_inside(mask.shape) for piece in pieces] == [False, True, False]
    assert np.array_equal(whole, mask > 0)
    assert pieces[1].mask.size < 900


def test_exposure_is_taken_out_before_pictures_are_compared():
    before = grey(street())
    darker = cv2.convertScaleAbs(before, alpha=0.5)

    assert gain_between(darker, before) == pytest.approx(2.0, abs=0.05)
    assert float(cv2.absdiff(relit(before, darker), darker).mean()) < 2


def test_a_camera_without_presets_reads_as_before():
    assert read_camera({"camera": {"code": "C"}, "zones": []}).presets == ()


def thing(x: float, *, w: float = 30, score: float = 0.8) -> Detection:
    box = Box(x=x, y=100, w=w, h=40)
    return Detection(box=box, kind=ObjectClass.OBJECT, score=score)


def test_pieces_that_came_to_rest_together_are_one_thing():
    things, rests = joined([thing(100), thing(138), thing(300)], [10.0, 13.0, 11.0])

    assert sorted(t.box.rounded() for t in things) == [[100, 100, 68, 40], [300, 100, 30, 40]]
    assert sorted(rests) == [11.0, 13.0]


def test_things_put_down_one_after_the_other_stay_apart():
    things, _ = joined([thing(100), thing(138)], [10.0, 30.0])

    assert len(things) == 2


@pytest.mark.parametrize(
    ("x", "y", "began", "count"),
    [(110, 160, 0.0, 1), (190, 160, 0.0, 2), (110, 200, 0.0, 2), (110, 160, 9.0, 2)],
    ids=["a table under a parasol", "beside and below", "too far below", "there after a restart"],
)
def test_what_lies_over_the_other_may_show_ground_between(
    x: float, y: float, began: float, count: int
):
    parasol, table = (
        Detection(box=box, kind=ObjectClass.OBJECT, score=0.6)
        for box in (Box(x=100, y=100, w=80, h=20), Box(x=x, y=y, w=50, h=24))
    )

    things, _ = joined([parasol, table], [10.0, 12.0], began=began)

    assert len(things) == count


def test_ground_laid_bare_again_is_known_from_before():
    bare, covered = np.full((18, 32), 90, np.uint8), np.full((18, 32), 200, np.uint8)
    memory, blob = GroundMemory(), np.ones((18, 32), bool)
    for at in range(0, 400, 20):
        memory.note(bare if at < 60 else covered, at=float(at))

    assert memory.knows(bare, covered, blob)
    assert not memory.knows(np.full((18, 32), 20, np.uint8), covered, blob)
