"""Where no network reaches: the spool survives days, stills go first, a cap is kept."""

from datetime import time
from pathlib import Path

import httpx
import pytest

from chengzhi_vision.errors import VisionError
from chengzhi_vision.spool.delivery import Courier
from chengzhi_vision.spool.pace import CHUNK, Pace, read_clip_hours, read_kbps
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from tests.vision_worker.test_spool import NOW, Platform, finding

DAY = 86_400.0
NIGHT = NOW - NOW % DAY + 15 * 3600  # 23:00 in Shanghai


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = NOW) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def courier(spool: Spool, handler, clock: Clock, hours: str = "") -> Courier:
    line = Server("http://x", token="t", transport=httpx.MockTransport(handler))
    return Courier(spool, line, clock, lambda: 1.0, read_clip_hours(hours))


def test_all_stills_go_before_the_first_clip(spool, tmp_path):
    platform, order = Platform(), []

    def watched(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            order.append(len(request.content) >= 100)
        return platform(request)

    for number in (1, 2, 3):
        spool.put(finding(tmp_path, number), now=NOW + number)

    sent = courier(spool, watched, Clock(NOW + 9)).round()

    assert sent.delivered == 3
    assert order == [False, False, False, True, True, True]


def test_clips_wait_for_their_hours_and_findings_do_not(spool, tmp_path):
    platform, clock = Platform(), Clock(NIGHT - 3 * 3600)
    carrier = courier(spool, platform, clock, "22:00-06:00")
    spool.put(finding(tmp_path), now=clock.at)

    by_day = carrier.round()
    told = (list(platform.findings), list(platform.evidence.values()), spool.counts().clips)
    clock.at = NIGHT
    at_night = carrier.round()

    assert (by_day.delivered, at_night.delivered) == (0, 1)
    assert told == (["f1"], [b"still 1"], 1)
    assert (platform.posts, spool.counts().clips) == (1, 0)
    assert b"1" * 100 in platform.evidence.values()


def test_a_week_without_a_line_loses_nothing(spool, tmp_path):
    platform, clock, tries = Platform(), Clock(), []

    def dead(request: httpx.Request) -> httpx.Response:
        tries.append(clock.at)
        raise httpx.ConnectError("no route", request=request)

    carrier = courier(spool, dead, clock)
    for number in range(14):
        spool.put(finding(tmp_path, number), now=clock.at)
        for _six_hours in range(2):
            carrier.round()
            clock.at += DAY / 4
    spool.close()
    again = Spool(tmp_path / "spool")
    back = courier(again, platform, clock)
    while back.round().delivered:
        pass

    assert len(tries) == 14 * 2
    assert len(platform.findings) == again.counts().delivered == 14
    assert len(platform.evidence) == 28


def test_a_dead_line_is_asked_twice_as_seldom_each_time_up_to_five_minutes(spool, tmp_path):
    clock, tries = Clock(), []

    def dead(request: httpx.Request) -> httpx.Response:
        tries.append(clock.at - NOW)
        raise httpx.ConnectError("no route", request=request)

    carrier = courier(spool, dead, clock)
    for number in (1, 2):
        spool.put(finding(tmp_path, number), now=clock.at)
    while clock.at < NOW + 1200:
        carrier.round()
        clock.at += 1

    assert tries == [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111]


def test_a_clip_that_had_to_be_dropped_meanwhile_is_not_waited_for(spool, tmp_path):
    platform, clock = Platform(), Clock(NIGHT - 3 * 3600)
    carrier = courier(spool, platform, clock, "22:00-06:00")
    spool.put(finding(tmp_path), now=clock.at)
    carrier.round()
    spool.max_bytes = 50
    spool.put(finding(tmp_path, 2), now=clock.at)
    clock.at = NIGHT

    sent = carrier.round()

    assert sent.delivered == 2
    assert sorted(platform.evidence.values()) == [b"still 1", b"still 2"]


def test_what_is_sent_keeps_to_the_cap():
    waits: list[float] = []
    pace = Pace(bytes_per_s=read_kbps("512"), wait=waits.append)

    pieces = list(pace.pieces(b"x" * (CHUNK + 32_000)))

    assert [len(piece) for piece in pieces] == [CHUNK, 32_000]
    assert waits == [CHUNK / 64_000, 0.5]
    assert list(Pace().pieces(b"")) == []


def test_a_paced_file_arrives_whole_with_its_length(tmp_path):
    seen = {}

    def take(request: httpx.Request) -> httpx.Response:
        seen["length"], seen["bytes"] = request.headers["Content-Length"], request.read()
        seen["chunked"] = "Transfer-Encoding" in request.headers
        return httpx.Response(200)

    path = tmp_path / "clip"
    path.write_bytes(b"y" * (2 * CHUNK + 1))
    Server("http://x", token="t", transport=httpx.MockTransport(take)).put_evidence(
        "a" * 64, path, media_type="video/mp4"
    )

    assert seen == {"length": str(2 * CHUNK + 1), "bytes": path.read_bytes(), "chunked": False}


@pytest.mark.parametrize("text", ["fast", "0", "-5"])
def test_a_cap_that_is_no_number_is_refused_by_name(text):
    with pytest.raises(VisionError, match="--upload-kbps"):
        read_kbps(text)


@pytest.mark.parametrize("text", ["night", "22:00", "25:00-06:00"])
def test_hours_that_are_none_are_refused_by_name(text):
    with pytest.raises(VisionError, match="--clip-hours"):
        read_clip_hours(text)


def test_hours_may_end_with_the_day():
    span = read_clip_hours("22:00-24:00").span

    assert (span.start, span.end) == (time(22), time(0))
