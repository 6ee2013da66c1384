"""Many workers: leases held and lost, memory handed on, cost, capacity, the shared detector."""

import json
import os
import urllib.request
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import av
import httpx
import numpy as np
import pytest

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.cli import parser
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.errors import SourceFailed, VisionError
from chengzhi_vision.evidence.ring import PacketRing, Piece
from chengzhi_vision.fleet.cost import Guard, Load, Meter, usable_cores
from chengzhi_vision.fleet.detector import LookQueue, SharedDetector
from chengzhi_vision.fleet.memory import LIMIT, Memories
from chengzhi_vision.fleet.metrics import CAMERA_FIGURES, PREFIX, WORKER_FIGURES, serve_metrics
from chengzhi_vision.fleet.preroll import is_wanted
from chengzhi_vision.fleet.tenant import Tenant
from chengzhi_vision.service import Plan, _beat, _only_one, serve
from chengzhi_vision.sources.picture import DecodedFrame
from chengzhi_vision.sources.sampling import WallAnchor
from chengzhi_vision.spool.message import finding_message
from chengzhi_vision.spool.server import Server
from chengzhi_vision.types import Box, Detection, ModelRef, ObjectClass
from chengzhi_vision.worker import Worker

from .test_spool import finding
from .test_worker import camera as table

ROOT = Path(__file__).parents[2]


class Platform:
    """The platform's side of leases, as simple as can be: it grants what the test says."""

    def __init__(self) -> None:
        self.leases: list[dict] = []
        self.asked: list[dict] = []
        self.stop: list[str] = []
        self.is_away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("away", request=request)
        body = json.loads(request.content)
        if request.url.path.endswith("/heartbeat"):
            return httpx.Response(200, json={"known": 1, "unknown": [], "stop": self.stop})
        self.asked.append(body)
        answer = {"leases": self.leases, "lost": [], "ttl_s": 20.0, "again_s": 5.0}
        return httpx.Response(200, json=answer)

    def grant(self, code: str, epoch: int, **more: object) -> None:
        row = table("rtsp://h/1")
        row["camera"] = {**row["camera"], "code": code}
        self.leases.append({"code": code, "epoch": epoch, "table": row, "memory": "", **more})


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def make_tenant(platform, tmp_path):
    def make() -> Tenant:
        return Tenant(
            Server("http://x", token="t", transport=httpx.MockTransport(platform)),
            name="w1",
            instance="i1",
            folder=tmp_path,
            clock=lambda: 1000.0,
            capacity_ms=lambda: 1600.0,
            costs=lambda: {"C001": 12.5},
        )

    return make


def test_a_granted_camera_is_watched_under_its_epoch_and_renewed_with_its_cost(
    platform, make_tenant
):
    tenant = make_tenant()
    platform.grant("C001", 7)

    tenant.turn()
    tenant.turn()

    assert [(c.code, c.epoch, c.source) for c in tenant.cameras()] == [("C001", 7, "rtsp://h/1")]
    assert platform.asked[0]["held"] == []
    assert platform.asked[1]["held"] == [{"code": "C001", "epoch": 7, "cost_ms": 12.5}]
    assert platform.asked[1]["capacity_ms"] == 1600.0


def test_a_lost_lease_stops_the_camera(platform, make_tenant):
    tenant = make_tenant()
    platform.grant("C001", 7)
    tenant.turn()

    platform.leases = []
    tenant.turn()

    assert tenant.cameras() == []


def test_while_the_platform_is_away_the_worker_goes_on(platform, make_tenant):
    tenant = make_tenant()
    platform.grant("C001", 7)
    tenant.turn()
    platform.is_away = True

    with pytest.raises(SourceFailed):
        tenant.turn()

    assert [c.epoch for c in tenant.cameras()] == [7]


def test_a_restart_on_the_same_disk_goes_on_with_the_same_epoch(platform, make_tenant, tmp_path):
    platform.grant("C001", 7)
    make_tenant().turn()

    again = make_tenant()

    assert [(c.code, c.epoch) for c in again.cameras()] == [("C001", 7)]
    assert (tmp_path / "leases.json").stat().st_mode & 0o777 == 0o600


def test_the_heartbeat_names_what_another_worker_watches_and_it_stops(
    platform, make_tenant, around, tmp_path
):
    tenant = make_tenant()
    platform.grant("C001", 7)
    tenant.turn()
    platform.stop = ["C001"]
    plan = Plan(folder=None, server=tenant.server, cache=tmp_path, name="w1", tenant=tenant)

    _beat(plan, tenant.server, Worker(around=around))

    assert tenant.cameras() == []


def test_a_worker_that_leaves_says_so_and_forgets(platform, make_tenant):
    tenant = make_tenant()
    platform.grant("C001", 7)
    tenant.turn()

    tenant.leave()

    assert platform.asked[-1]["is_leaving"] is True
    assert make_tenant().cameras() == []


def place(since: float, *, alerts: int = 0, jpeg: str = "") -> dict:
    first = {"pts": since, "at": since, "jpeg": jpeg} if jpeg else None
    row = {"zone": "kerb", "kind": "vehicle", "since": since, "alert_count": alerts}
    return {**row, "is_lost": False, "first": first, "anchor": "x" * 100}


def write(folder: Path, *places: dict, at: float) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / "C001.json"
    path.write_text(json.dumps({"version": 2, "places": list(places), "views": {}}), "utf-8")
    os.utime(path, (at, at))


def test_places_go_to_the_platform_when_they_change_and_once_a_minute(tmp_path):
    memories, folder = Memories(tmp_path / "state"), tmp_path / "state"
    write(folder, place(10.0), at=1.0)
    first = memories.changed("C001", now=100.0)
    write(folder, place(10.0), at=2.0)
    same = memories.changed("C001", now=105.0)
    write(folder, place(10.0, alerts=1), at=3.0)
    alerted = memories.changed("C001", now=110.0)
    write(folder, place(10.0, alerts=1), at=4.0)

    later = memories.changed("C001", now=171.0)

    assert json.loads(first)["places"][0]["since"] == 10.0
    assert same is None
    assert alerted is not None
    assert later is not None


def test_what_is_sent_stays_small_and_keeps_every_clock(tmp_path):
    folder = tmp_path / "state"
    jpeg = "A" * (LIMIT // 2)  # not a picture: it cannot be made smaller
    write(folder, place(10.0, jpeg=jpeg), place(20.0, jpeg=jpeg), place(30.0, jpeg=jpeg), at=1.0)

    body = Memories(folder).changed("C001", now=1.0)

    rows = json.loads(body)["places"]
    assert len(body) <= LIMIT
    assert [row["since"] for row in rows] == [10.0, 20.0, 30.0]
    assert [bool(row["first"]) for row in rows] == [True, False, False]


def test_what_the_last_worker_remembered_is_kept_unless_ours_is_younger(
    platform, make_tenant, tmp_path
):
    state = tmp_path / "state"
    body = json.dumps({"version": 2, "places": [place(10.0)], "views": {}})
    platform.grant("C001", 7, memory=body, memory_at="2026-11-26T08:00:00+00:00")

    make_tenant().turn()

    assert (state / "C001.json").read_text("utf-8") == body
    assert not Memories(state).keep("C001", "older", saved_at=1.0)


def known_files(folder: Path, *, marks: int = 1, chain: dict | None = None) -> None:
    """What a worker knows of a camera where nothing stands, in its three files."""
    folder.mkdir(exist_ok=True)
    view = {"version": 4, "shift": {"zones": "z", "by": [0, 0]}, "usual": {"jpeg": "x" * 100}}
    rows = [
        {"finding_id": f"F-{n}", "reported_at": float(n), "absent_s": 0.0, "anchor": "x" * 9000}
        for n in range(marks)
    ]
    end = chain or {"day": "2026-11-27", "stretch": 7, "number": 2, "head": "ab"}
    for name, row in {
        "C001.json": {**view, "places": [], "views": {}},
        "C001.marks.json": {"version": 1, "marks": rows},
        "C001.chain.json": {**end, "begun": {"number": 3}},
    }.items():
        (folder / name).write_text(json.dumps(row), "utf-8")


def test_view_marks_and_chain_go_to_the_next_worker_each_into_its_own_file(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    known_files(here)

    body = Memories(here).changed("C001", now=1.0)
    Memories(there).keep("C001", body, saved_at=1.0)

    for name in ("C001.json", "C001.marks.json"):
        assert json.loads((there / name).read_text()) == json.loads((here / name).read_text())
    chain = json.loads((there / "C001.chain.json").read_text())
    assert chain == {"day": "2026-11-27", "stretch": 7, "number": 2, "head": "ab"}
    assert (there / "C001.json").stat().st_mode & 0o777 == 0o600


def test_where_nothing_stands_the_view_goes_every_five_minutes_and_news_at_once(tmp_path):
    memories = Memories(tmp_path)
    known_files(tmp_path)
    told = [memories.changed("C001", now=0.0) is not None]
    for now, number in ((100.0, 2), (200.0, 3), (250.0, 3), (501.0, 3)):
        known_files(tmp_path, chain={"day": "2026-11-27", "number": number, "head": str(number)})
        os.utime(tmp_path / "C001.json", (now, now))
        told.append(memories.changed("C001", now=now) is not None)

    assert told == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("own", "is_replaced"),
    [
        ({"day": "2026-11-26", "stretch": 9, "number": 9}, True),
        ({"day": "2026-11-27", "stretch": 7, "number": 1}, True),
        ({"day": "2026-11-27", "stretch": 7, "number": 2}, False),
        ({"day": "2026-11-27", "stretch": 8, "number": 1}, False),
        ({}, True),
    ],
)
def test_a_chain_never_falls_back_behind_what_this_disk_knows(own, is_replaced, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    known_files(here)
    there.mkdir()
    (there / "C001.chain.json").write_text(json.dumps(own), "utf-8")

    Memories(there).keep("C001", Memories(here).changed("C001", now=1.0), saved_at=1.0)

    assert ("head" in json.loads((there / "C001.chain.json").read_text())) is is_replaced


def test_the_oldest_marks_are_left_behind_where_they_do_not_fit(tmp_path):
    known_files(tmp_path, marks=60)

    body = Memories(tmp_path).changed("C001", now=1.0)

    kept = [row["finding_id"] for row in json.loads(body)["marks"]["marks"]]
    assert len(body) <= LIMIT
    assert kept == [f"F-{n}" for n in range(60 - len(kept), 60)]


def test_what_does_not_fit_one_call_goes_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("chengzhi_vision.fleet.memory.CALL_LIMIT", 100)
    known_files(tmp_path)
    for name in ("C001.json", "C001.marks.json"):
        (tmp_path / name.replace("C001", "C002")).write_text((tmp_path / name).read_text())
    memories = Memories(tmp_path)

    calls = [set(memories.news(["C001", "C002", "C003"], now=float(n))) for n in range(3)]

    assert calls == [{"C001"}, {"C002"}, set()]


def test_a_memory_that_did_not_arrive_is_sent_again(platform, make_tenant, tmp_path):
    tenant = make_tenant()
    platform.grant("C001", 7)
    tenant.turn()
    known_files(tmp_path / "state")
    platform.is_away = True
    with pytest.raises(SourceFailed):
        tenant.turn()
    platform.is_away = False

    tenant.turn()

    assert [row["code"] for row in platform.asked[-1]["memories"]] == ["C001"]


def test_the_cost_of_a_camera_is_smoothed_and_its_start_does_not_count():
    meter = Meter(at=0.0)

    start = meter.read(9.0, at=10.0)
    measured = [meter.read(9.0 + 0.01 * (at - 10), at=float(at)) for at in range(20, 200, 10)]

    assert start == 0.0
    assert measured[-1] == pytest.approx(10.0)


def loads(*costs: float, priorities: tuple[int, ...] = ()) -> list[Load]:
    ranks = priorities or (0,) * len(costs)
    pairs = enumerate(zip(costs, ranks, strict=True))
    return [Load(code=f"C{i}", priority=rank, cost_ms=cost) for i, (cost, rank) in pairs]


def test_a_machine_that_stays_over_its_budget_refuses_the_least_important_camera():
    guard = Guard(budget_ms=100)
    running = loads(60, 30, 30, priorities=(0, 5, 5))

    at_first = guard.judge(running, now=0.0)
    later = guard.judge(running, now=61.0)

    assert at_first == ([], [])
    assert later == (["C0"], [])
    assert guard.sentence("C0", running[1:]) == (
        "本机分析能力已用满：2路共占60毫秒/秒，上限100，本路约需60，暂不看守。"
        "请增加识别机、改为只看关键帧，或提高本路的 priority。"
    )


def test_a_refused_camera_comes_back_when_there_is_clearly_room():
    guard = Guard(budget_ms=100)
    guard.judge(loads(60, 50), now=0.0)
    assert guard.judge(loads(60, 50), now=60.0) == (["C0"], [])

    too_soon = guard.judge(loads(20)[:1], now=90.0)
    in_time = guard.judge(loads(20)[:1], now=121.0)

    assert too_soon == ([], [])
    assert in_time == ([], ["C0"])


def test_a_refused_camera_is_in_the_heartbeat_with_its_sentence_and_blind_seconds(around):
    now = [0.0]
    guard = Guard(budget_ms=10)
    guard.refused["C009"] = Load(code="C009", priority=0, cost_ms=40)
    worker = Worker(around=replace(around, clock=lambda: now[0]), guard=guard)
    now[0] = 10.0

    worker.check()

    (row,) = worker.report("w")["cameras"]
    assert (row["code"], row["state"], row["blind_s"]) == ("C009", "refused", 10.0)
    assert "本路约需40" in row["note"]


def test_cores_are_those_told_or_those_of_the_container(tmp_path):
    limit = tmp_path / "cpu.max"
    limit.write_text("50000 100000\n")

    assert usable_cores({"CHENGZHI_VISION_CORES": "3.5"}) == 3.5
    assert usable_cores({}, limit=limit) == 0.5


class Counting:
    """A detector that counts its looks and keeps the order in which it was asked."""

    model = ModelRef(name="counting", version="1")
    classes = frozenset({ObjectClass.VEHICLE})

    def __init__(self) -> None:
        self.shapes: list[int] = []

    def load(self) -> None:
        """Nothing to load."""

    def detect(self, image):
        self.shapes.append(image.shape[0])
        if image.shape[0] == 13:
            raise RuntimeError("broken look")
        box = Box(x=0, y=0, w=10, h=10)
        return [Detection(box=box, kind=ObjectClass.VEHICLE, score=0.9)]


def spender() -> SimpleNamespace:
    return SimpleNamespace(detect_s=0.0)


def grey(height: int = 80, *, value: int = 100) -> np.ndarray:
    return np.full((height, 160, 3), value, np.uint8)


def test_a_camera_pays_for_its_own_looks_and_the_classes_stay_known():
    pays, shared = spender(), SharedDetector(Counting(), LookQueue())
    own = shared.on_behalf_of(pays, priority=5)

    found = [len(own.detect(grey())), len(shared.detect(grey()))]

    assert found == [1, 1]
    assert pays.detect_s > 0
    assert own.classes == Counting.classes


def test_the_important_camera_is_looked_at_first():
    counting, queue = Counting(), LookQueue()
    threads = []
    with queue.turn(priority=0):
        for height, priority in ((10, 0), (20, 0), (30, 9)):
            own = SharedDetector(counting, queue, priority=priority)
            threads.append(Thread(target=own.detect, args=(grey(height),)))
            threads[-1].start()
            while queue.waiting < len(threads):
                Event().wait(0.001)
    for thread in threads:
        thread.join(10)

    assert counting.shapes == [30, 10, 20]


def test_a_broken_look_fails_the_camera_that_asked_and_nobody_else():
    shared = SharedDetector(Counting(), LookQueue())

    with pytest.raises(RuntimeError, match="broken look"):
        shared.detect(grey(13))

    assert len(shared.detect(grey())) == 1


def test_the_worker_tells_its_figures_to_prometheus(around):
    worker = Worker(around=around)

    with serve_metrics("127.0.0.1:0", worker=worker, spool=around.spool, budget_ms=1600) as port:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text, kind = answer.read().decode(), answer.headers["content-type"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == 200

    assert kind.startswith("text/plain; version=0.0.4")
    assert "chengzhi_vision_budget_ms 1600" in text
    assert 'chengzhi_vision_cameras{state="other_view"} 0' in text
    assert all(f"# TYPE {PREFIX}{name} " in text for name in [*CAMERA_FIGURES, *WORKER_FIGURES])


def test_the_page_of_metrics_names_every_figure_of_the_worker():
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")

    for name, (kind, *_) in {**CAMERA_FIGURES, **WORKER_FIGURES}.items():
        assert f"| `{PREFIX}{name}` | {kind} |" in page


def test_two_workers_do_not_share_a_spool(tmp_path):
    with (
        _only_one(tmp_path),
        pytest.raises(VisionError, match="正被另一个识别程序使用"),
    ):
        _only_one(tmp_path)


def test_leases_come_from_a_platform(tmp_path, monkeypatch):
    options = parser().parse_args(["serve", "--lease", "--cameras", "x", "--spool", str(tmp_path)])
    monkeypatch.setattr("signal.signal", lambda *_: None)

    with pytest.raises(VisionError, match="请给出 --server"):
        serve(options, detector=None)


def test_the_message_carries_the_epoch_of_the_lease(tmp_path):
    plain = finding(tmp_path)

    assert not {"epoch", "chain"} & finding_message(plain).keys()
    assert finding_message(replace(plain, epoch=7))["epoch"] == 7


def stay(*, since: float, alerted_at: float = 0.0, **more: float) -> Place:
    known = {"seen": 80, "looks": 80, "steady": 80, "samples": 80, "score_sum": 60.0} | more
    return Place(
        kind=ObjectClass.OBJECT,
        zone="pavement",
        box=Box(x=0, y=0, w=40, h=40),
        anchor=np.zeros((48, 48), np.uint8),
        since=since,
        last_present=since + 100,
        alert_count=int(alerted_at > 0),
        alerted_at=alerted_at,
        **known,
    )


def test_video_is_kept_for_a_clip_only_when_an_alarm_may_be_near():
    row = table("rtsp://h/1")
    row["zones"][0]["rules"] = [{"finding": "object_left", "dwell_s": 180, "re_alert_s": 600}]
    own = read_camera(row)

    near = [is_wanted(own, [stay(since=0.0)], at=at) for at in (10.0, 154.0, 155.0, 200.0)]
    again = [is_wanted(own, [stay(since=0.0, alerted_at=200.0)], at=at) for at in (700.0, 775.0)]

    assert near == [False, False, True, True]
    assert again == [False, True]
    assert not is_wanted(own, [], at=10.0)
    assert is_wanted(read_camera(table("rtsp://h/1")), [], at=10.0)  # a dwell of 6 s


def test_no_video_is_kept_for_a_stay_that_no_look_to_come_could_make_believable():
    row = table("rtsp://h/1")
    row["zones"][0]["rules"] = [{"finding": "object_left", "dwell_s": 180}]
    own = read_camera(row)
    people = stay(since=0.0, vetoes=80)
    passers_by = stay(since=0.0, vetoes=80, hidden_vetoes=70, hidden_looks=70, seen=10)

    assert [is_wanted(own, [place], at=170.0) for place in (people, passers_by)] == [False, True]
    assert not is_wanted(own, [passers_by], at=170.0, was_refused=lambda *_: True)


def test_a_resting_ring_holds_nothing_and_wakes_again():
    ring = PacketRing(keep_s=10, max_bytes=10**6)

    def piece(pts: float) -> Piece:
        return Piece(pts=pts, dts=pts, duration=0.04, is_key=True, payload=b"x" * 100)

    ring.add(piece(0.0))
    ring.rest(is_resting=True)
    rested = ring.size
    ring.rest(is_resting=False)
    ring.add(piece(1.0))

    assert (rested, ring.size) == (0, 100)


def test_a_live_frame_carries_the_moment_it_came_and_a_late_one_is_seen_to_be_late():
    now = [100.0]
    anchor = WallAnchor(lambda: now[0])

    moments = []
    for at, pts in ((100.0, 0.0), (101.5, 1.0), (102.0, 2.0)):
        now[0] = at
        moments.append(round(at - anchor.moment(pts), 2))

    assert moments == [0.0, 0.5, 0.0]


def test_a_decoded_frame_is_grey_without_being_coloured_first():
    ramp = np.tile(np.arange(0, 256, 2, dtype=np.uint8), (64, 1))
    picture = av.VideoFrame.from_ndarray(np.dstack([ramp] * 3), format="bgr24")
    frame = DecodedFrame(index=0, pts=0.0, at=0.0, picture=picture.reformat(format="yuv420p"))

    grey = frame.grey(None)

    assert frame.size == (128, 64)
    assert int(np.abs(grey.astype(int) - ramp).max()) <= 2
    assert frame.image.shape == (64, 128, 3)
