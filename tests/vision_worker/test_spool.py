"""The spool and the delivery: nothing is lost, nothing is sent without need."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from chengzhi_vision.errors import DeliveryRefused, SourceFailed
from chengzhi_vision.spool.backoff import wait_s
from chengzhi_vision.spool.delivery import Sent, deliver
from chengzhi_vision.spool.message import finding_message
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.types import Box, EvidenceFile, Finding, FindingKind, ModelRef

NOW = 1_795_000_000.0


class Platform:
    """A fake of the server's side of the contract."""

    def __init__(self, *, status: int = 201, put_status: int = 200) -> None:
        self.status, self.put_status = status, put_status
        self.findings: dict[str, dict] = {}
        self.evidence: dict[str, bytes] = {}
        self.tokens: set[str] = set()
        self.posts = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.tokens.add(request.headers["Authorization"])
        if request.method == "PUT":
            return self._put(request)
        self.posts += 1
        if self.status >= 300:
            return httpx.Response(self.status, json={"detail": "no"})
        body = json.loads(request.content)
        self.findings[body["finding_id"]] = body
        wanted = [e["sha256"] for e in body["evidence"] if e["sha256"] not in self.evidence]
        return httpx.Response(
            self.status, json={"finding_id": body["finding_id"], "evidence_missing": wanted}
        )

    def _put(self, request: httpx.Request) -> httpx.Response:
        if self.put_status < 300:
            self.evidence[request.url.path.rpartition("/")[2]] = request.content
        return httpx.Response(self.put_status)


def server(platform: Platform) -> Server:
    return Server("http://x", token="t0", transport=httpx.MockTransport(platform))


def finding(folder: Path, number: int = 1, *, clip_bytes: int = 100) -> Finding:
    files = {"dwell_reached": b"still %d" % number, "clip": b"%d" % number * clip_bytes}
    evidence = []
    for role, data in files.items():
        path = folder / f"{number}-{role}"
        path.write_bytes(data)
        evidence.append(
            EvidenceFile(
                name=role,
                role=role,
                media_type="video/mp4" if role == "clip" else "image/jpeg",
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                path=str(path),
            )
        )
    return Finding(
        finding_id=f"f{number}",
        camera="C001",
        kind=FindingKind.MOTOR_VEHICLE_PARKED,
        matter_code="09009",
        zone="kerb",
        start_pts=0,
        alarm_pts=20,
        started_at=NOW,
        alarm_at=NOW + 20,
        start_unknown=True,
        box=Box(x=1, y=2, w=3, h=4),
        frame=(640, 360),
        score=0.7,
        model=ModelRef(name="m", version="1"),
        frame_sha256="ab",
        evidence=tuple(evidence),
    )


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def send(spool: Spool, platform: Platform, *, now: float = NOW) -> Sent:
    return deliver(spool, server(platform), clock=lambda: now, chance=lambda: 1.0)


def test_the_message_is_the_documented_one(tmp_path):
    assert finding_message(finding(tmp_path)) == {
        "finding_id": "f1",
        "camera": "C001",
        "kind": "motor_vehicle_parked",
        "matter_code": "09009",
        "zone": "kerb",
        "started_at": "2026-11-18T11:06:40.000+00:00",
        "alarm_at": "2026-11-18T11:07:00.000+00:00",
        "start_unknown": True,
        "bbox": [1, 2, 3, 4],
        "frame": [640, 360],
        "score": 0.7,
        "model": "m",
        "model_version": "1",
        "frame_sha256": "ab",
        "evidence": [
            {
                "name": "dwell_reached",
                "role": "dwell_reached",
                "media_type": "image/jpeg",
                "sha256": hashlib.sha256(b"still 1").hexdigest(),
                "size": 7,
            },
            {
                "name": "clip",
                "role": "clip",
                "media_type": "video/mp4",
                "sha256": hashlib.sha256(b"1" * 100).hexdigest(),
                "size": 100,
            },
        ],
    }


def test_a_finding_and_its_evidence_reach_the_server_once(spool, tmp_path):
    platform = Platform()
    spool.put(finding(tmp_path), now=NOW)

    first, second = send(spool, platform), send(spool, platform)

    assert (first.delivered, second.delivered) == (1, 0)
    assert platform.posts == 1
    assert sorted(platform.evidence.values()) == [b"1" * 100, b"still 1"]
    assert platform.tokens == {"Bearer t0"}


def test_a_finding_known_already_changes_nothing(spool, tmp_path):
    assert spool.put(finding(tmp_path), now=NOW)
    assert not spool.put(replace(finding(tmp_path), score=0.9), now=NOW + 1)

    assert spool.counts().pending == 1
    assert spool.due(now=NOW)[0].body["score"] == 0.7


def test_only_missing_evidence_is_sent(spool, tmp_path):
    platform = Platform()
    still = finding(tmp_path).evidence[0]
    platform.evidence[still.sha256] = b"there"
    spool.put(finding(tmp_path), now=NOW)

    send(spool, platform)

    assert platform.evidence[still.sha256] == b"there"
    assert len(platform.evidence) == 2


@pytest.mark.parametrize("status", [401, 408, 429, 500, 503])
def test_what_may_pass_is_tried_again_later(spool, tmp_path, status):
    platform = Platform(status=status)
    spool.put(finding(tmp_path), now=NOW)

    sent = send(spool, platform)

    assert (sent.retried, sent.refused, spool.counts().pending) == (1, 0, 1)
    assert spool.due(now=NOW) == []
    platform.status = 200
    assert send(spool, platform, now=NOW + 1).delivered == 1


def test_evidence_that_fails_is_tried_again_with_its_finding(spool, tmp_path):
    platform = Platform(put_status=500)
    spool.put(finding(tmp_path), now=NOW)
    send(spool, platform)

    platform.put_status = 201

    assert send(spool, platform, now=NOW + 5).delivered == 1
    assert len(platform.evidence) == 2


def test_a_refused_file_does_not_hold_up_the_other_files(spool, tmp_path):
    platform = Platform()
    clip = finding(tmp_path).evidence[1].sha256

    def picky(request: httpx.Request) -> httpx.Response:
        too_big = request.url.path.endswith(finding(tmp_path).evidence[0].sha256)
        return httpx.Response(413) if too_big else platform(request)

    spool.put(finding(tmp_path), now=NOW)
    line = Server("http://x", token="t", transport=httpx.MockTransport(picky))

    sent = deliver(spool, line, clock=lambda: NOW, chance=lambda: 0.0)

    assert sent == Sent(refused=1)
    assert list(platform.evidence) == [clip]
    assert (spool.dead_folder / "f1.json").is_file()


def test_a_dead_line_is_tried_again(spool, tmp_path):
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    spool.put(finding(tmp_path), now=NOW)
    line = Server("http://x", token="t", transport=httpx.MockTransport(broken))

    sent = deliver(spool, line, clock=lambda: NOW, chance=lambda: 0.0)

    assert sent == Sent(retried=1)
    assert spool.counts().pending == 1


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_what_the_server_refuses_lies_visibly_in_the_dead_letters(spool, tmp_path, status):
    spool.put(finding(tmp_path), now=NOW)

    sent = send(spool, Platform(status=status))

    letter = json.loads((spool.dead_folder / "f1.json").read_text("utf-8"))
    assert sent.refused == 1
    assert letter["reason"].startswith(f"平台答复 {status}")
    assert letter["finding"]["finding_id"] == "f1"
    assert (spool.counts().pending, spool.counts().dead) == (0, 1)


def test_one_refusal_does_not_hold_up_the_others(spool, tmp_path):
    for number in (1, 2):
        spool.put(finding(tmp_path, number), now=NOW + number)
    platform = Platform()
    refuse_first = iter([httpx.Response(422)])
    transport = httpx.MockTransport(lambda r: next(refuse_first, None) or platform(r))
    line = Server("http://x", token="t", transport=transport)

    sent = deliver(spool, line, clock=lambda: NOW + 9, chance=lambda: 0.0)

    assert sent == Sent(delivered=1, refused=1)
    assert list(platform.findings) == ["f2"]


def test_a_spool_opened_again_still_has_everything(spool, tmp_path):
    spool.put(finding(tmp_path), now=NOW)
    spool.close()
    for path in tmp_path.glob("1-*"):
        path.unlink()

    again = Spool(tmp_path / "spool")

    platform = Platform()
    assert send(again, platform).delivered == 1
    assert len(platform.evidence) == 2


def test_a_full_spool_drops_delivered_evidence_first_and_then_old_clips(tmp_path):
    spool = Spool(tmp_path / "spool", max_bytes=2500)
    spool.put(finding(tmp_path, 1, clip_bytes=1000), now=NOW)
    send(spool, Platform())
    spool.put(finding(tmp_path, 2, clip_bytes=1000), now=NOW + 1)
    spool.put(finding(tmp_path, 3, clip_bytes=1000), now=NOW + 2)
    held_by_delivered = spool.file_of(finding(tmp_path, 1, clip_bytes=1000).evidence[1].sha256)

    spool.put(finding(tmp_path, 4, clip_bytes=1000), now=NOW + 3)

    assert held_by_delivered is None
    assert spool.counts().pending == 3
    assert spool.counts().dropped_files == 1
    second, fourth = (finding(tmp_path, n, clip_bytes=1000).evidence for n in (2, 4))
    assert spool.file_of(second[1].sha256) is None
    assert spool.file_of(second[0].sha256) is not None
    assert spool.file_of(fourth[1].sha256) is not None


def test_a_finding_whose_clip_was_dropped_is_delivered_with_its_stills(tmp_path):
    spool = Spool(tmp_path / "spool", max_bytes=50)
    spool.put(finding(tmp_path, 1, clip_bytes=1000), now=NOW)
    platform = Platform()

    assert send(spool, platform).delivered == 1
    assert list(platform.evidence.values()) == [b"still 1"]


def test_waiting_doubles_up_to_a_limit_and_is_spread():
    assert [wait_s(n, chance=lambda: 1.0) for n in (0, 1, 2, 30)] == [1, 2, 4, 300]
    assert wait_s(2, chance=lambda: 0.0) == 2


def test_cameras_come_from_the_server():
    rows = [{"camera": {"code": "C1"}, "zones": []}]
    transport = httpx.MockTransport(lambda _r: httpx.Response(200, json=rows))

    assert Server("http://x", token="t", transport=transport).cameras() == rows


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, text="<html>"), SourceFailed),
        (httpx.Response(200, json={}), SourceFailed),
        (httpx.Response(502), SourceFailed),
        (httpx.Response(403), DeliveryRefused),
    ],
)
def test_a_strange_answer_is_a_named_failure(answer, error):
    line = Server("http://x", token="t", transport=httpx.MockTransport(lambda _r: answer))

    with pytest.raises(error):
        line.cameras()
