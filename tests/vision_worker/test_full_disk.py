"""A full disk: cameras go on judging, what can be spared is left out, findings are kept as well as it goes."""

import errno
import json
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import httpx
import pytest

from chengzhi_vision import keeping, remembering, service
from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.camera_worker import CameraWorker, Surroundings
from chengzhi_vision.disk import LABELS, Disk
from chengzhi_vision.errors import VisionError
from chengzhi_vision.fleet import tenant
from chengzhi_vision.fleet.metrics import text_of
from chengzhi_vision.keeping import AGAIN_S, MOST_HELD, ROOM, Keeper
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.service import Plan, left_for_stills, run, wanted_cameras
from chengzhi_vision.spool.delivery import Courier
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.tally import Tally
from chengzhi_vision.trial import ring as rings
from chengzhi_vision.trial.ring import TOTAL_MB, StillRing, read_total_mb
from chengzhi_vision.whole import write_whole
from chengzhi_vision.worker import Worker

from .test_spool import NOW, Platform, finding
from .test_trials import START, frame
from .test_worker import bag, camera

GIB = 2**30


def full(*_given, **_named):
    raise OSError(errno.ENOSPC, "No space left on device")


class Free:
    """How much a disk says is free."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self) -> int:
        return self.number


@pytest.fixture
def free() -> Free:
    return Free(10 * GIB)


@pytest.fixture
def around(tmp_path: Path, free: Free) -> Surroundings:
    disk = Disk(tmp_path, free=free)
    return Surroundings(
        clock=time.time,
        chance=lambda: 0.0,
        spool=Spool(tmp_path / "spool", disk=disk),
        state_folder=tmp_path / "state",
        detector=None,
        ring=StillRing(tmp_path / "stills"),
    )


def still_at(ring: StillRing, camera_code: str, seconds: float) -> bool:
    return ring.offer(camera_code, replace(frame(0), at=START + seconds))


def moments(ring: StillRing) -> dict[str, list[float]]:
    return {
        code: [one.at - START for one in ring.stills(code, since=0, until=1e12)]
        for code in ("C1", "C2")
    }


def test_cameras_share_one_limit_and_reach_back_equally_far(tmp_path):
    ring = StillRing(tmp_path)
    still_at(ring, "C1", 0)
    ring.total_bytes = 4 * ring.size + 100

    for seconds in (20, 40, 60, 80):
        still_at(ring, "C1", seconds)
        still_at(ring, "C2", seconds)

    assert moments(ring) == {"C1": [60, 80], "C2": [60, 80]}
    assert ring.size == sum(p.stat().st_size for p in tmp_path.rglob("*.jpg")) <= ring.total_bytes


def test_a_limit_made_smaller_holds_from_the_start_and_half_a_still_is_cleared_away(tmp_path):
    ring = StillRing(tmp_path)
    for seconds in (0, 20, 40):
        still_at(ring, "C1", seconds)
    (tmp_path / "C1" / ".1.jpg.7.part").write_bytes(b"half")

    again = StillRing(tmp_path, total_bytes=ring.size - 1)

    assert moments(again)["C1"] == [20, 40]
    assert {path.suffix for path in (tmp_path / "C1").iterdir()} == {".jpg"}


def test_stills_of_a_camera_that_is_watched_elsewhere_go_after_a_day(tmp_path):
    ring = StillRing(tmp_path, clock=lambda: START + 90_000)
    still_at(ring, "C1", 0)
    still_at(ring, "C2", 89_990)

    assert moments(ring) == {"C1": [], "C2": [89_990]}


def test_the_spool_comes_first_on_a_small_disk(tmp_path, free):
    spool = Spool(tmp_path / "spool", disk=Disk(tmp_path, free=free))
    ring = StillRing(tmp_path / "stills", room=lambda: left_for_stills(spool))
    for seconds in (0, 20, 40):
        still_at(ring, "C1", seconds)
    free.number = ROOM + spool.max_bytes - 10  # ten bytes of the spool's own room are gone

    still_at(ring, "C1", 60)
    assert moments(ring)["C1"] == [40, 60]
    free.number -= GIB
    with pytest.raises(OSError, match="beside the spool"):
        still_at(ring, "C1", 80)

    assert moments(ring)["C1"] == []
    assert not still_at(ring, "C1", 81)  # not tried again at every picture
    free.number = 10 * GIB
    assert still_at(ring, "C1", 100)


@pytest.mark.parametrize(("text", "number"), [("", TOTAL_MB), ("500", 500), ("0", 0)])
def test_the_limit_of_all_stills_is_a_setting(text, number):
    assert read_total_mb(text) == number


def test_a_limit_that_is_no_number_is_refused_with_the_cure():
    with pytest.raises(VisionError, match="--stills-total-mb：应为整数 MB，例如 12288"):
        read_total_mb("12 GB")


def judged(around: Surroundings, clip: Path, folder: Path) -> Worker:
    """Judge a clip in which a bag is left, by the service's own loop."""
    folder.mkdir(parents=True)
    (folder / "C009.json").write_text(json.dumps(camera(clip)), "utf-8")
    plan = Plan(folder=folder, server=None, cache=folder / "cache", name="w")
    worker = Worker(around=around)
    run(plan, worker=worker, around=around, stopping=Event())
    return worker


def test_a_camera_whose_stills_find_no_room_is_judged_all_the_same(
    make_clip, around, tmp_path, monkeypatch
):
    monkeypatch.setattr(rings, "write_whole", full)

    worker = judged(around, make_clip(bag(), seconds=24), tmp_path / "cameras")

    beat = worker.report("w")
    (row,) = beat["cameras"]
    assert (row["frames"], row["restarts"], row["state"]) == (120, 0, "ended")
    assert worker.failures() == []
    assert around.spool.counts().pending == 1
    assert beat["note"] == (
        "磁盘空间不足，剩余10240 MB：试跑用的小图写不下，识别照常进行。"
        "请清理或扩大暂存目录所在的磁盘，或减少小图总量（--stills-total-mb）。"
    )
    text = text_of(worker, spool=around.spool, budget_ms=800)
    assert "chengzhi_vision_disk_short 1" in text
    assert 'chengzhi_vision_disk_unwritten_total{what="stills"} 2' in text


def test_what_a_camera_remembers_is_spared_and_said_until_it_can_be_written(around, monkeypatch):
    worker = CameraWorker(read_camera(camera("rtsp://10.0.0.1/x")), around=around)
    save = remembering.save_memory
    monkeypatch.setattr(remembering, "save_memory", full)

    worker._memory.save()

    assert "摄像机的记忆写不下" in around.spool.disk.sentence
    monkeypatch.setattr(remembering, "save_memory", save)
    worker._memory.has_kept = True
    worker._memory.save()
    assert around.spool.disk.sentence == ""
    assert around.spool.disk.unwritten == {**dict.fromkeys(LABELS, 0), "memory": 1}


def test_the_list_of_cameras_is_taken_though_it_cannot_be_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "write_whole", full)
    rows = [{"camera": {"code": "C1", "source": "a.mp4"}, "zones": []}]
    line = httpx.MockTransport(lambda _r: httpx.Response(200, json=rows))
    disk = Disk(tmp_path)
    plan = Plan(
        folder=None,
        server=Server("http://x", token="t", transport=line),
        cache=tmp_path / "cache.json",
        name="w",
        disk=disk,
    )

    found = wanted_cameras(plan)

    assert [one.code for one in found or []] == ["C1"]
    assert disk.unwritten["lists"] == 1


def test_a_lease_is_taken_though_it_cannot_be_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(tenant, "write_whole", full)
    row = {"code": "C1", "epoch": 3, "table": {"camera": {"code": "C1"}, "zones": []}}
    line = httpx.MockTransport(lambda _r: httpx.Response(200, json={"leases": [row]}))
    one = tenant.Tenant(
        Server("http://x", token="t", transport=line),
        name="w",
        instance="i",
        folder=tmp_path,
        clock=lambda: NOW,
        capacity_ms=lambda: 800.0,
        costs=dict,
    )

    one.turn()

    assert one.held() == {"C1": 3}
    assert one.disk.unwritten["lists"] == 1


def test_half_a_file_is_not_left_on_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("chengzhi_vision.whole.os.fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a.jpg", b"data", is_lasting=True)

    assert list(tmp_path.iterdir()) == []


def test_what_is_told_but_cannot_be_noted_is_told_again_after_a_rest(around, tmp_path):
    spool, platform, now = around.spool, Platform(), [NOW]
    for number in (1, 2):
        spool.put(finding(tmp_path, number), now=NOW)
    spool.delivered("f2")
    line = Server("http://x", token="t", transport=httpx.MockTransport(platform))
    courier = Courier(spool, line, clock=lambda: now[0], chance=lambda: 0.0)
    told, spool.told = spool.told, full

    nothing, resting = courier.round(), courier.round()

    assert (nothing.delivered, resting.delivered, platform.posts) == (0, 0, 1)
    assert "送达记录写不下" in spool.disk.sentence
    assert spool.file_of(finding(tmp_path, 2).evidence[1].sha256) is None  # room for the journal
    spool.told = told
    now[0] += 400
    assert courier.round().delivered + courier.round().delivered == 1
    assert spool.disk.sentence == ""


# ── findings ───────────────────────────────────────────────────────────────────────────


class Alarmed:
    """An alarm in name: what it would write is made by `wrote`."""

    def __init__(self, number: int) -> None:
        self.finding = replace(finding(Path("/tmp"), number), evidence=())


class Desk:
    """A keeper over a spool whose evidence is written by a stand-in."""

    def __init__(self, folder: Path, around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.spool, self.now = folder, around.spool, NOW
        self.refusals: list[Exception | None] = []
        self.clips: list[bool] = []
        monkeypatch.setattr(keeping, "write_evidence", self.write)
        monkeypatch.setattr(keeping, "publisher", lambda _detector: None)
        self.tally = Tally()
        self.keeper = Keeper(
            read_camera(camera("rtsp://10.0.0.1/x")),
            spool=around.spool,
            ring=around.ring,
            folder=folder / "state",
            detector=None,
            clock=lambda: self.now,
            tally=self.tally,
        )

    def write(self, alarm, *, footage, **_named):
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal
        self.clips.append(footage is not None)
        number = int(alarm.finding.finding_id[1:])
        whole = finding(self.folder, number)
        return whole if footage is not None else replace(whole, evidence=whole.evidence[:1])


@pytest.fixture
def desk(tmp_path, around, monkeypatch) -> Desk:
    return Desk(tmp_path, around, monkeypatch)


FOOTAGE = object()


def test_stills_for_trials_make_way_for_evidence(desk, around, free):
    for seconds in (0, 20, 40):
        still_at(around.ring, "C1", seconds)
    desk.refusals = [OSError(errno.ENOSPC, "full")]

    assert desk.keeper.keep(Alarmed(1), FOOTAGE)

    assert around.ring.size == 0
    assert desk.clips == [False]  # the second try is the small one
    assert around.spool.knows("f1")
    assert not around.spool.disk.is_short


def test_a_nearly_full_disk_makes_way_before_anything_fails(desk, around, free):
    still_at(around.ring, "C1", 0)
    around.spool.put(finding(desk.folder, 7), now=NOW)
    around.spool.delivered("f7")
    free.number = ROOM - 1

    assert desk.keeper.keep(Alarmed(1), FOOTAGE)

    assert around.ring.size == 0
    assert around.spool.file_of(finding(desk.folder, 7).evidence[1].sha256) is None
    assert desk.clips == [False]
    assert "录像写不下" in around.spool.disk.sentence
    free.number = GIB
    desk.keeper.keep(Alarmed(2), FOOTAGE)
    assert desk.clips == [False, True]
    assert around.spool.disk.sentence == ""


def test_an_alarm_waits_with_its_stills_until_the_disk_takes_it(desk, around):
    desk.refusals = [OSError(errno.ENOSPC, "full")] * 2

    assert not desk.keeper.keep(Alarmed(1), None)
    assert (desk.tally.held, desk.keeper.again()) == (1, [])
    assert "抓拍和证据写不下" in around.spool.disk.sentence
    desk.now += AGAIN_S

    assert [alarm.finding.finding_id for alarm in desk.keeper.again()] == ["f1"]
    assert (desk.tally.held, around.spool.counts().pending) == (0, 1)
    assert around.spool.disk.sentence == ""


def test_a_disk_that_is_broken_costs_nobody_his_files(desk, around):
    still_at(around.ring, "C1", 0)
    desk.refusals = [OSError(errno.EIO, "Input/output error")] * 2

    assert not desk.keeper.keep(Alarmed(1), FOOTAGE)

    assert around.ring.size > 0
    assert "磁盘写不了（[Errno 5] Input/output error）" in around.spool.disk.sentence


def test_too_many_that_wait_are_counted_as_lost_the_oldest_first(desk):
    desk.refusals = [OSError(errno.ENOSPC, "full")] * 2 * (MOST_HELD + 1)
    for number in range(1, MOST_HELD + 2):
        desk.keeper.keep(Alarmed(number), None)
    desk.now += AGAIN_S

    kept = [alarm.finding.finding_id for alarm in desk.keeper.again()]

    assert kept == [f"f{number}" for number in range(2, MOST_HELD + 2)]
    assert (desk.tally.held, desk.tally.lost) == (0, 1)


def test_a_spool_without_room_for_its_rows_is_a_full_disk_too(desk, around):
    pages = around.spool._db.execute("PRAGMA page_count").fetchone()[0]
    around.spool._db.execute(f"PRAGMA max_page_count = {pages}")  # "database or disk is full"
    numbers = iter(range(1, 1000))
    while desk.keeper.keep(Alarmed(number := next(numbers)), FOOTAGE):
        pass

    assert "磁盘空间不足" in around.spool.disk.sentence
    around.spool._db.execute("PRAGMA max_page_count = 100000")
    desk.now += AGAIN_S
    assert [one.finding.finding_id for one in desk.keeper.again()] == [f"f{number}"]


def test_a_place_whose_alarm_waits_is_not_marked_as_told(make_clip, around, tmp_path, monkeypatch):
    told = []
    write, failures = keeping.write_evidence, iter([True] * 2)

    def at_first_full(*given, **named):
        return full() if next(failures, False) else write(*given, **named)

    monkeypatch.setattr(keeping, "write_evidence", at_first_full)
    monkeypatch.setattr(keeping, "AGAIN_S", 0.0)
    mark = Pipeline.mark_reported

    def marked(self, alarm):
        told.append(around.spool.knows(alarm.finding.finding_id))
        mark(self, alarm)

    monkeypatch.setattr(Pipeline, "mark_reported", marked)

    worker = judged(around, make_clip(bag(), seconds=24), tmp_path / "cameras")

    assert worker.failures() == []
    assert told == [True]
    assert around.spool.counts().pending == 1
