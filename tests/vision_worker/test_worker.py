"""Cameras at work: threads, loops, restarts, and a server that is away."""

import json
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import httpx
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.camera_worker import CameraWorker, Surroundings
from chengzhi_vision.errors import CameraFileInvalid
from chengzhi_vision.fleet.turns import Turns
from chengzhi_vision.frame_queue import FrameQueue, Item
from chengzhi_vision.service import Plan, run, wanted_cameras
from chengzhi_vision.spool.server import Server
from chengzhi_vision.tally import Tally
from chengzhi_vision.types import Frame
from chengzhi_vision.worker import BUDGET, Worker

from .scenes import Scene, Thing, standing
from .test_views import preset

WAIT_S, WAITS = 0.05, 2400  # counted, not timed: a machine that stops the tests stops the count


def bag() -> Thing:
    return Thing(kind=None, where=standing(300, 250, start=6), size=(48, 40), seed=3)


def camera(source: Path | str, **head: object) -> dict[str, object]:
    zone = {
        "name": "pavement",
        "kind": "pavement_clear",
        "polygon": [[0, 150], [640, 150], [640, 360], [0, 360]],
        "rules": [{"finding": "object_left", "dwell_s": 6}],
    }
    return {"camera": {"code": "C009", "source": str(source), **head}, "zones": [zone]}


def item(index: int) -> Item:
    frame = Frame(index=index, pts=index, at=index, image=Scene().picture(0))
    return Item(epoch=1, frame=frame, footage=None)


def test_a_full_queue_lets_the_oldest_go_and_counts_it():
    queue = FrameQueue(3)

    for index in range(5):
        queue.put(item(index))

    left = [queue.get(timeout_s=0) for _ in range(4)]
    assert [one.frame.index for one in left if one is not None] == [2, 3, 4]
    assert queue.dropped == 2


def test_a_file_waits_for_room_instead():
    queue = FrameQueue(1)
    queue.put(item(0))

    assert not queue.put_waiting(item(1), timeout_s=0)
    assert queue.dropped == 0


def test_a_clip_played_once_is_judged_whole_and_ends(make_clip, around):
    folder = around.state_folder / "cameras"
    folder.mkdir(parents=True)
    row = camera(make_clip(bag(), seconds=24))
    (folder / "C009.json").write_text(json.dumps(row), "utf-8")
    plan = Plan(folder=folder, server=None, cache=folder / "cache", name="w")
    worker = Worker(around=around)

    run(plan, worker=worker, around=around, stopping=Event())

    row = worker.report("w")["cameras"][0]
    assert (row["frames"], row["dropped"], row["restarts"]) == (120, 0, 0)
    assert around.spool.counts().pending == 1
    body = around.spool.due(now=time.time())[0].body
    assert (body["camera"], body["kind"]) == ("C009", "object_left")
    assert {e["role"] for e in body["evidence"]} >= {"first_seen", "clip", "manifest"}


def test_the_heartbeat_says_at_which_preset_a_turning_camera_stands(make_clip, around):
    folder = around.state_folder / "cameras"
    folder.mkdir(parents=True)
    here = preset("东向", Scene(things=(bag(),)).picture(0), "pavement")
    row = camera(make_clip(bag(), seconds=5), presets=[here])
    (folder / "C009.json").write_text(json.dumps(row), "utf-8")
    plan = Plan(folder=folder, server=None, cache=folder / "cache", name="w")
    worker = Worker(around=around)

    run(plan, worker=worker, around=around, stopping=Event())

    assert worker.report("w")["cameras"][0]["preset"] == "东向"


def test_the_service_delivers_and_reports(make_clip, around, tmp_path):
    rows, beats, findings, evidence = [camera(make_clip(bag(), seconds=24))], [], {}, {}
    stopping = Event()

    def platform(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/cameras"):
            return httpx.Response(200, json=rows)
        if path.endswith("/heartbeat"):
            beats.append(json.loads(request.content))
            return httpx.Response(204)
        if request.method == "PUT":
            evidence[path.rpartition("/")[2]] = request.content
        else:
            body = json.loads(request.content)
            findings[body["finding_id"]] = body
            wanted = [e["sha256"] for e in body["evidence"]]
            answer = {"finding_id": body["finding_id"], "evidence_missing": wanted}
            return httpx.Response(201, json=answer)
        wanted = {e["sha256"] for body in findings.values() for e in body["evidence"]}
        if wanted and wanted <= evidence.keys():
            stopping.set()
        return httpx.Response(201)

    server = Server("http://x", token="t", transport=httpx.MockTransport(platform))
    plan = Plan(folder=None, server=server, cache=tmp_path / "cameras.json", name="w1")
    worker = Worker(around=around)

    run(plan, worker=worker, around=around, stopping=stopping)

    assert len(findings) == 1
    (body,) = findings.values()
    assert evidence.keys() == {e["sha256"] for e in body["evidence"]}
    assert len(evidence) >= 6
    assert json.loads(plan.cache.read_text("utf-8")) == rows
    assert worker.report("w1")["worker"] == "w1"


def test_the_last_known_cameras_are_used_while_the_server_is_away(tmp_path):
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    server = Server("http://x", token="t", transport=httpx.MockTransport(away))
    plan = Plan(folder=None, server=server, cache=tmp_path / "cameras.json", name="w")

    assert wanted_cameras(plan) is None
    plan.cache.write_text(json.dumps([camera("rtsp://h/1")]), "utf-8")
    assert [c.code for c in wanted_cameras(plan) or []] == ["C009"]


def test_one_broken_camera_does_not_stop_the_others(tmp_path):
    rows = [{"camera": {"code": ""}}, camera("rtsp://h/1")]
    transport = httpx.MockTransport(lambda _r: httpx.Response(200, json=rows))
    server = Server("http://x", token="t", transport=transport)
    plan = Plan(folder=None, server=server, cache=tmp_path / "c.json", name="w")

    assert [c.code for c in wanted_cameras(plan) or []] == ["C009"]


def test_a_folder_without_cameras_is_refused(tmp_path):
    plan = Plan(folder=tmp_path, server=None, cache=tmp_path / "c.json", name="w")

    with pytest.raises(CameraFileInvalid, match="没有 .toml 或 .json"):
        wanted_cameras(plan)


class Hours:
    """A clock that the test turns; loops are paced by it, so a minute takes no minute."""

    def __init__(self) -> None:
        self.now = 1e9

    def __call__(self) -> float:
        self.now += 0.05
        return self.now


def test_a_looped_clip_gives_a_new_finding_each_time(make_clip, around):
    fast = Surroundings(
        clock=Hours(),
        chance=around.chance,
        spool=around.spool,
        state_folder=around.state_folder,
        detector=None,
    )
    own = CameraWorker(
        read_camera(camera(make_clip(bag(), seconds=24), loop=True)), around=fast, tally=Tally()
    )
    own.stopping = Skipping()
    own.queue = Patient(own.stopping)
    own.start()

    _until(lambda: around.spool.counts().pending >= 2)
    own.stop()

    starts = [q.body["started_at"] for q in around.spool.due(now=2e9)]
    assert len(set(starts)) == len(starts) >= 2


def test_a_picture_is_judged_only_when_its_turn_has_come(make_clip, around):
    turns = Turns(threads=1)
    clip = camera(make_clip(bag(), seconds=2))
    own = CameraWorker(read_camera(clip), around=replace(around, turns=turns))

    with turns.turn(priority=0):
        own.start()
        _until(lambda: turns.waiting == 1)
        while_others_are_at_it = own.tally.frames
    _until(lambda: own.is_done)
    own.stop()

    assert while_others_are_at_it == 0
    assert own.tally.frames > 0


class Skipping(Event):
    """An event whose waits take no time: pacing without sleeping."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


class Patient(FrameQueue):
    """A queue in which the reader of a loop waits for the judge, as at the pace of a real one."""

    def __init__(self, stopping: Event) -> None:
        super().__init__(1)
        self.stopping = stopping

    def put(self, item: Item) -> None:
        while not self.stopping.is_set() and not self.put_waiting(item, timeout_s=WAIT_S):
            pass


class Unjudged(FrameQueue):
    """A queue whose frames nobody takes."""

    def get(self, *, timeout_s: float) -> Item | None:
        Event().wait(timeout_s)


def _until(done) -> None:
    for _ in range(WAITS):
        if done():
            return
        Event().wait(WAIT_S)


def test_a_camera_that_keeps_failing_is_restarted_within_its_budget(around, make_clip):
    class Broken(Scene):
        def detect(self, image):
            raise RuntimeError("broken detector")

    broken = Surroundings(
        clock=time.time,
        chance=around.chance,
        spool=around.spool,
        state_folder=around.state_folder,
        detector=Broken(),
    )
    worker = Worker(around=broken)
    worker.want([read_camera(camera(make_clip(seconds=2)))])

    for _ in range(BUDGET + 2):
        _until(lambda: worker.failures() == ["RuntimeError: broken detector"])
        worker.check()

    row = worker.report("w")["cameras"][0]
    worker.stop()
    assert (row["restarts"], row["state"]) == (BUDGET, "failed")


def test_a_process_that_was_stopped_for_minutes_restarts_no_camera(around, tmp_path):
    now = [1000.0]
    worker = Worker(around=replace(around, clock=lambda: now[0]))
    worker.want([read_camera(camera(tmp_path / "none.mp4"))])
    (watched,) = worker.watched()
    watched.worker.queue = Unjudged(1)
    watched.worker.queue.put(item(0))
    worker.check()

    now[0] += 300.0
    worker.check()
    after_the_stop = watched.tally.restarts
    for _ in range(70):
        now[0] += 1.0
        worker.check()

    worker.stop()
    assert (after_the_stop, watched.tally.restarts) == (0, 1)


def test_a_source_that_is_not_there_is_shown_in_the_heartbeat(around, tmp_path):
    worker = Worker(around=around)
    worker.want([read_camera(camera(tmp_path / "none.mp4"))])

    _until(lambda: worker.report("w")["cameras"][0]["state"] == "no_source")

    row = worker.report("w")["cameras"][0]
    worker.stop()
    assert (row["code"], row["state"], row["frames"]) == ("C009", "no_source", 0)
