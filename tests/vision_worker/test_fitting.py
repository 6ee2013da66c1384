"""What is drawn on one picture is judged on frames of another size: it lies where it was drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import av
import cv2
import numpy as np
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.camera_worker import CameraWorker
from chengzhi_vision.config import Camera
from chengzhi_vision.disk import Disk
from chengzhi_vision.errors import CameraFileInvalid
from chengzhi_vision.evidence.files import write_evidence
from chengzhi_vision.fitting import fitted, misfit, resized
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.snapshot import load_memory, save_memory
from chengzhi_vision.recheck.answers import read_question
from chengzhi_vision.recheck.looking import Rechecks, SecondLooks
from chengzhi_vision.recheck.mark import Scene as Looked
from chengzhi_vision.recheck.watcher import Watcher
from chengzhi_vision.scene.health import Trouble
from chengzhi_vision.sources.picture import DecodedFrame
from chengzhi_vision.spool.message import finding_message
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.trial.replay import OtherShape, replay
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.types import Box, Detection, Finding, Frame, ObjectClass, Picture, Still
from chengzhi_vision.worker import Worker

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, arriving, camera_with, parked, standing
from .test_views import POLES, preset
from .test_worker import Patient, Skipping, _until

CAR = Thing(kind=ObjectClass.VEHICLE, where=arriving(400, 250, start=4), size=(90, 60), seed=5)
WHERE = Box(x=400, y=250, w=90, h=60)  # on pictures of 640x360
RIGHT = [[360, 200], [560, 200], [560, 340], [360, 340]]  # around it
LEFT = [[40, 100], [240, 100], [240, 340], [40, 340]]  # half as far from the corner


@dataclass
class Sized(Scene):
    """The street as a camera with another number of pixels sees it."""

    size: tuple[int, int] = (WIDTH, HEIGHT)

    def picture(self, t: float) -> Picture:
        return cv2.resize(super().picture(t), self.size).astype(np.uint8)

    def detect(self, image: Picture) -> list[Detection]:
        if image.shape[:2] != (self.size[1], self.size[0]):
            return []
        seen = super().detect(np.empty((HEIGHT, WIDTH, 3), np.uint8))
        return [replace(d, box=resized(d.box, (WIDTH, HEIGHT), self.size)) for d in seen]


def drawn(polygon: list[list[float]], picture: tuple[int, int] | None, **rule: object) -> Camera:
    """A camera with one zone, drawn on a picture of some size; corners are those of 640x360."""
    width, height = picture or (WIDTH, HEIGHT)
    corners = [[x * width / WIDTH, y * height / HEIGHT] for x, y in polygon]
    head = {"code": "C001"} if picture is None else {"code": "C001", "picture": list(picture)}
    zone = {"name": "kerb", "kind": "no_parking", "polygon": corners, "rules": [parked(**rule)]}
    return read_camera({"camera": head, "zones": [zone]})


def played(camera: Camera, size: tuple[int, int], *, until: float = 20) -> list[Finding]:
    street = Sized(things=[CAR], size=size)
    return Player(scene=street, pipeline=Pipeline(camera, detector=street)).play(0, until)


def near(box: Box, size: tuple[int, int]) -> bool:
    """Tell whether a box is where the car stands on frames of a size."""
    there = resized(WHERE, (WIDTH, HEIGHT), size)
    return abs(box.x - there.x) < 8 and abs(box.y - there.y) < 8 and abs(box.w - there.w) < 8


def frame_of(image: Picture, number: int, at: float):
    return Frame(index=number, pts=float(number), at=at, image=image)


def still():
    return Still(pts=0.0, at=0.0, jpeg=b"\xff\xd8")


# Zones follow the size of the frames


@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (960, 540)])
@pytest.mark.parametrize("picture", [(1280, 720), (640, 360), (1920, 1080)])
def test_the_thing_is_found_where_it_is_whatever_was_drawn_on(picture, size):
    (found,) = played(drawn(RIGHT, picture), size)

    assert (found.zone, found.frame) == ("kerb", size)
    assert near(found.box, size)


@pytest.mark.parametrize("picture", [(640, 360), (1920, 1080)])
def test_nothing_is_found_where_the_zone_would_lie_in_other_pixels(picture):
    assert not played(drawn(LEFT, picture), (1280, 720))


def test_small_and_whole_frames_give_the_same_finding():
    camera = drawn(RIGHT, (1280, 720))

    (whole,), (small,) = played(camera, (1280, 720)), played(camera, (640, 360))

    assert (small.zone, small.kind, small.alarm_at) == (whole.zone, whole.kind, whole.alarm_at)
    shown = resized(small.box, small.frame, whole.frame)
    assert np.allclose([shown.x, shown.y, shown.w], [whole.box.x, whole.box.y, whole.box.w], atol=3)


def test_sizes_and_perspective_follow_too():
    person = [[300, 100, 40], [300, 300, 120]]
    zone = {
        "name": "kerb", "kind": "no_parking", "polygon": RIGHT,
        "rules": [parked(min_size=[40, 30], max_size=[200, 150])],
    }  # fmt: skip
    head = {"code": "C001", "picture": [640, 360], "perspective": {"person": person}}

    twice = fitted(read_camera({"camera": head, "zones": [zone]}), (1280, 720))

    (rule,) = twice.zones[0].rules
    assert (rule.min_size, rule.max_size) == ((80, 60), (400, 300))
    assert twice.perspective is not None
    assert (twice.perspective.far, twice.perspective.near) == ((600, 200, 80), (600, 600, 240))
    assert twice.picture == (1280, 720)


def test_where_sizes_are_equal_or_untold_nothing_is_scaled():
    plain, same = camera_with(parked()), drawn(RIGHT, (1280, 720))

    assert fitted(plain, (1280, 720)) is plain
    assert fitted(same, (1280, 720)) is same
    assert len(played(drawn(RIGHT, None), (640, 360))) == 1


@pytest.mark.parametrize("picture", [[0, 720], [1280, 0.2], [-1280, 720]])
def test_a_picture_without_extent_is_refused(picture):
    with pytest.raises(CameraFileInvalid) as refused:
        read_camera({"camera": {"code": "C001", "picture": picture}})

    assert refused.value.sentence.startswith("camera.picture")


# Another shape


def test_on_pictures_of_another_shape_nothing_is_judged_and_it_is_said():
    camera = drawn(RIGHT, (1024, 768))
    street = Sized(things=[CAR], size=(1280, 720))
    player = Player(scene=street, pipeline=Pipeline(camera, detector=street))

    assert not player.play(0, 20)
    assert player.pipeline.trouble is Trouble.OTHER_SHAPE
    assert "画面是1280×720，区域是在1024×768的画面上画的" in player.pipeline.drawing.misfit


def test_a_few_lines_more_are_the_same_shape():
    camera = drawn(RIGHT, (1920, 1088))

    assert not misfit(camera, (1920, 1080))
    assert not misfit(camera, (640, 358))


def test_the_heartbeat_says_it(make_clip, around):
    worker = Worker(around=around)
    camera = drawn(RIGHT, (640, 480))
    worker.want([replace(camera, source=str(make_clip(CAR, seconds=3)))])
    (watched,) = worker.watched()
    _until(lambda: watched.worker.is_done)

    (row,) = worker.report("w")["cameras"]

    assert row["state"] == "other_shape"
    assert row["note"].startswith("画面是640×360，区域是在640×480的画面上画的，宽高比不同")
    assert watched.tally.blind_s > 0


def test_a_trial_on_stills_of_another_shape_is_refused_in_a_sentence(tmp_path):
    ring, street = StillRing(tmp_path, every_s=20.0), Sized(size=(1280, 720))
    for number in range(95):
        at = 1_764_000_000.0 + 20 * number
        image = street.picture(0)
        ring.offer("C001", frame_of(image, number, at))

    with pytest.raises(OtherShape) as refused:
        replay(
            drawn(RIGHT, (640, 480)), ring.stills("C001", since=0, until=2e9), every_s=20.0,
            detector=None, goes_on=lambda done, total: True,
        )  # fmt: skip

    assert "宽高比不同" in refused.value.sentence


# The stream changes its size


def test_a_stream_that_changes_its_size_goes_on_with_the_same_stay():
    camera = drawn(RIGHT, (1280, 720), dwell_s=12)
    large, small = Sized(things=[CAR], size=(1280, 720)), Sized(things=[CAR])
    before = Player(scene=large, pipeline=Pipeline(camera, detector=both(large, small)))
    after = Player(scene=small, pipeline=before.pipeline)

    assert not before.play(0, 10)
    (found,) = after.play(10, 24)

    assert (found.frame, found.zone) == ((640, 360), "kerb")
    assert near(found.box, (640, 360))
    assert found.started_at == pytest.approx(4, abs=1.5)  # of the same stay


def test_a_restart_on_another_size_goes_on_with_the_same_stay(tmp_path):
    camera = drawn(RIGHT, (1280, 720), dwell_s=12)
    large, small = Sized(things=[CAR], size=(1280, 720)), Sized(things=[CAR])
    before = Player(scene=large, pipeline=Pipeline(camera, detector=large))
    before.play(0, 10)
    save_memory(before.pipeline, tmp_path / "memory.json")
    fresh = Pipeline(camera, detector=small)
    load_memory(fresh, tmp_path / "memory.json", at=10)

    (found,) = Player(scene=small, pipeline=fresh).play(10, 24)

    assert near(found.box, (640, 360))
    assert found.started_at == pytest.approx(4, abs=1.5)


def test_a_memory_of_another_shape_than_what_is_drawn_now_counts_as_none(tmp_path):
    large = Sized(things=[CAR], size=(1280, 720))
    before = Player(scene=large, pipeline=Pipeline(drawn(RIGHT, (1280, 720)), detector=large))
    before.play(0, 10)
    save_memory(before.pipeline, tmp_path / "memory.json")
    fresh = Pipeline(drawn(RIGHT, (1024, 768)), detector=None)

    load_memory(fresh, tmp_path / "memory.json", at=10)

    assert before.pipeline.places.items
    assert not fresh.places.items


def both(*scenes: Sized) -> Scene:
    """A detector that knows the street in more than one size."""

    class Both(Scene):
        def detect(self, image: Picture) -> list[Detection]:
            for scene in scenes:
                self.now = scene.now
                if image.shape[:2] == (scene.size[1], scene.size[0]):
                    return scene.detect(image)
            return []

    return Both()


@pytest.mark.parametrize("rows", [360, 366])
def test_a_turning_camera_knows_its_preset_and_its_stay_at_any_size(rows):
    car = replace(CAR, where=standing(400, 250))
    large = Sized(things=[*POLES, car], size=(1280, 720))
    small = Sized(things=[*POLES, car], size=(640, 360))
    reference = cv2.resize(large.picture(0), (640, rows))
    rule = parked(14)
    camera = camera_with(rule, picture=[640, 360], presets=[preset("A", reference, "street")])
    before = Player(scene=large, pipeline=Pipeline(camera, detector=both(large, small)))
    after = Player(scene=small, pipeline=before.pipeline)

    assert not before.play(0, 12, fps=2)
    (found,) = after.play(12, 30, fps=2)

    assert (found.zone, found.frame) == ("street", (640, 360))
    assert found.started_at < 4  # of the same stay
    assert before.pipeline.presets.current is not None


# Evidence and messages say in whose pixels they speak


def test_the_overlay_and_the_message_are_told_in_pixels_of_the_stills(tmp_path):
    camera = drawn(RIGHT, (640, 360))
    street = Sized(things=[CAR], size=(1280, 720))
    player = Player(scene=street, pipeline=Pipeline(camera, detector=street))
    player.play(0, 20)

    found = write_evidence(player.alarms[0], camera=camera, footage=None, folder=tmp_path)

    overlay = json.loads((tmp_path / "overlay.json").read_text("utf-8"))
    still = cv2.imread(str(tmp_path / "dwell_reached.jpg"))
    assert overlay["frame"] == [still.shape[1], still.shape[0]] == [1280, 720]
    assert overlay["polygon"] == [[2 * x, 2 * y] for x, y in RIGHT]
    assert 'viewBox="0 0 1280 720"' in (tmp_path / "overlay.svg").read_text("utf-8")
    message = finding_message(found)
    assert (message["frame"], message["bbox"]) == ([1280, 720], overlay["bbox"])


# Second looks


def test_a_question_is_understood_in_pixels_of_its_own_frame():
    watcher, at = Watcher(thresholds().dwell), 100.0
    row = {
        "id": 1, "finding_id": "F-1", "camera": "C001", "kind": "motor_vehicle_parked",
        "bbox": [400, 250, 90, 60], "frame": [640, 360],
    }  # fmt: skip
    watcher.ask(read_question(row, now=at))
    car = Detection(
        box=resized(WHERE, (640, 360), (1280, 720)), kind=ObjectClass.VEHICLE, score=0.8
    )
    luma = np.zeros((360, 640), np.uint8)

    told = []
    for step in range(3):
        looked = Looked(at=at + step, luma=luma, scale=0.5, size=(1280, 720), seen=[car])
        told += watcher.saw(looked, lambda: still())

    assert [one.answer for one in told] == ["present"]


def test_a_reported_place_is_looked_at_again_where_it_is_after_a_change_of_size(tmp_path):
    class Desk:
        def join(self, camera, watcher): ...

    class Outbox(list):
        put = list.append

    camera, box = drawn(RIGHT, (1280, 720)), Outbox()
    large, small = Sized(things=[CAR], size=(1280, 720)), Sized(things=[CAR])
    pipeline = Pipeline(camera, detector=both(large, small))
    player = Player(scene=large, pipeline=pipeline)
    rechecks = Rechecks(desk=Desk(), outbox=box)
    looks = SecondLooks(pipeline, rechecks=rechecks, state_folder=tmp_path, disk=Disk(tmp_path))
    before = frame_of(large.picture(20), 100, 20.0)
    large.now = 20.0
    player.play(0, 19)
    (alarm,) = player.alarms
    place = next(p for p in pipeline.places.items if p.zone == "kerb")
    looks.reported(alarm, place, before)
    small.now = 100.0
    later = frame_of(small.picture(100), 500, 100.0)
    pipeline.feed(later)

    looks.saw(later)

    (mark,) = looks.watcher.marks.values()
    assert (mark.frame, mark.last) == ((640, 360), "present")
    assert near(mark.box, (640, 360))


# The newest picture of a live camera


BAG = Thing(kind=None, where=standing(300, 250, start=6), size=(48, 40), seed=3)


class Stream:
    """A live stream of 1280x720 that never ends, each picture as a decoder leaves it."""

    template = None

    def __init__(self, address: str, **_: object) -> None:
        self.street = Sized(things=[BAG], size=(1280, 720))

    def frames(self, *, started_at: float, stop):
        index = 0
        while not stop():
            picture = av.VideoFrame.from_ndarray(self.street.picture(index / 5), format="bgr24")
            yield DecodedFrame(
                index=index, pts=index / 5, at=1e9 + index / 5,
                picture=picture.reformat(format="yuv420p"),
            )  # fmt: skip
            index += 1


@pytest.fixture
def watching(around):
    """Return a starter of workers before that stream; all are stopped in the end."""
    begun: list[CameraWorker] = []

    def start(camera: dict[str, object], *zones: dict[str, object]) -> CameraWorker:
        head = {"code": "C001", "source": "rtsp://camera/1", **camera}
        known = read_camera({"camera": head, "zones": list(zones)})
        own = CameraWorker(known, around=replace(around, open_video=Stream))
        own.stopping = Skipping()
        own.queue = Patient(own.stopping)
        begun.append(own)
        own.start()
        return own

    yield start
    for own in begun:
        own.stop()


def zone_on(size: tuple[int, int]) -> dict[str, object]:
    """The bag's corner of the pavement, in pixels of a picture of a size."""
    corners = [(260, 200), (400, 200), (400, 330), (260, 330)]
    polygon = [[x * size[0] / WIDTH, y * size[1] / HEIGHT] for x, y in corners]
    rule = {"finding": "object_left", "dwell_s": 6}
    return {"name": "kerb", "kind": "pavement_clear", "polygon": polygon, "rules": [rule]}


def test_the_newest_picture_of_a_stream_is_as_large_as_those_that_are_judged(watching):
    own = watching({})
    _until(lambda: own.tally.frames > 3)

    newest = own.newest()

    assert newest is not None
    assert newest.shape == (720, 1280, 3)
    seen = own.tally.frames
    _until(lambda: own.tally.frames > seen + 2)
    _until(lambda: own._item.frame.is_small)  # nobody waits any more: memory is saved again


def test_where_no_new_picture_comes_there_is_none(watching):
    own = watching({})
    _until(lambda: own.tally.frames > 3)
    own.stop()
    own._shown = Skipping()

    assert own.newest() is None


@pytest.mark.parametrize("upload", [None, (640, 360), (1920, 1080)])
def test_what_is_drawn_on_a_still_of_a_live_camera_is_found_where_it_is(watching, around, upload):
    first = watching({})
    _until(lambda: first.tally.frames > 3)
    newest = first.newest()
    first.stop()
    assert newest is not None
    size = upload or (newest.shape[1], newest.shape[0])

    watching({"picture": list(size)}, zone_on(size))
    _until(lambda: around.spool.counts().pending > 0)

    body = around.spool.due(now=2e9)[0].body
    assert (body["zone"], body["frame"]) == ("kerb", [1280, 720])
    assert np.allclose(body["bbox"], [600, 500, 96, 80], atol=16)
