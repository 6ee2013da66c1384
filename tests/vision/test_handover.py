"""A camera moves from one worker to another: the real workers' memory, marks and chain at the real door."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import TokenScope
from chengzhi.audit.models import Event
from chengzhi.vision.models import CameraLease, DwellMemory, ExpectedFile, Finding
from chengzhi_vision.alarms import make_blind_alarm
from chengzhi_vision.camera_worker import CameraWorker, Surroundings
from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.fleet.tenant import Tenant
from chengzhi_vision.recheck.answers import Answer
from chengzhi_vision.recheck.mark import Mark, Scene
from chengzhi_vision.recheck.memory import load_marks, marks_path, save_marks
from chengzhi_vision.recheck.watcher import Watcher
from chengzhi_vision.spool.delivery import deliver
from chengzhi_vision.spool.server import Server
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box as Area
from chengzhi_vision.types import FindingKind, Frame, ObjectClass, Still
from tests.vision.conftest import picture
from tests.vision.test_with_the_worker import answer

LONG = timedelta(seconds=6)


def at_once() -> float:
    return timezone.now().timestamp()


class Box:
    """One machine with a worker: a spool, a folder for what it knows, and its leases."""

    def __init__(self, folder: Path, server: Server, name: str) -> None:
        self.server = server
        self.around = Surroundings(
            clock=at_once,
            chance=lambda: 0.0,
            spool=Spool(folder / name),
            state_folder=folder / name / "state",
            detector=None,
        )
        self.tenant = Tenant(
            server,
            name=name,
            instance=name,
            folder=folder / name,
            clock=at_once,
            capacity_ms=lambda: 1000.0,
            costs=dict,
        )

    def finds(self, name: str, *, alarm_at: float | None = None) -> None:
        """Report something, as far as the spool."""
        (camera,) = self.tenant.cameras()
        at = alarm_at or at_once()
        still = Still(pts=0.0, at=at, jpeg=picture(sum(name.encode())))
        frame = Frame(index=0, image=np.zeros((180, 320, 3), np.uint8), pts=at, at=at)
        told = make_blind_alarm(
            camera=camera, since=at - 60, at=at, reason="", still=still, frame=frame
        )
        kind = FindingKind.MOTOR_VEHICLE_PARKED
        area = Area(x=10, y=10, w=40, h=30)
        finding = replace(told.finding, finding_id=name, kind=kind, zone="kerb", box=area)
        CameraWorker(camera, around=self.around)._report([replace(told, finding=finding)])

    def delivers(self) -> None:
        deliver(self.around.spool, self.server, clock=at_once, chance=lambda: 0.0)


@pytest.fixture
def boxes(camera, administrator, now, tmp_path) -> tuple[Box, Box]:
    """Two workers, of which the first holds the camera."""
    issued = accounts.issue_token(
        name="识别机",
        scopes=[TokenScope.VISION],
        expires_at=timezone.now() + timedelta(days=30),
        actor=administrator,
        now=timezone.now() - timedelta(minutes=1),
    )
    server = Server("http://testserver", token=issued.plain, transport=httpx.MockTransport(answer))
    first, second = Box(tmp_path, server, "w1"), Box(tmp_path, server, "w2")
    first.tenant.turn()
    return first, second


def taken_over(by: Box) -> None:
    """Let the lease run out as after kill -9, and another worker take the camera."""
    CameraLease.objects.update(expires_at=timezone.now() - LONG)
    by.tenant.turn()


def walk() -> str:
    out = StringIO()
    call_command("vision", "chain", stdout=out)
    return out.getvalue()


def broken() -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("vision", "chain", stdout=out)
    return out.getvalue()


def test_a_worker_that_leaves_hands_on_the_end_of_its_chain(boxes):
    first, second = boxes
    first.finds("F-1")
    first.finds("F-2")
    first.delivers()
    first.tenant.leave()
    CameraLease.objects.update(expires_at=timezone.now() - LONG)
    second.tenant.turn()

    second.finds("F-3")
    second.delivers()

    assert "F-3：第 2 期租约接手，另起一段，接在第 1 期第 2 份之后。" in walk()
    assert "3 份清单首尾相接" in walk()


def test_a_worker_killed_with_findings_in_its_spool_is_no_forger(boxes):
    first, second = boxes
    first.finds("F-1")
    first.tenant.turn()
    first.finds("F-2")  # nobody has heard of it
    taken_over(by=second)
    second.finds("F-3")
    second.delivers()

    first.delivers()  # its box is back

    assert Finding.objects.count() == 3
    assert "接在第 1 期第 1 份之后；交接突然，那一段之后还有 1 份。" in walk()
    assert "3 份清单首尾相接" in walk()


def test_a_successor_without_any_memory_says_that_it_begins_anew(boxes):
    first, second = boxes
    first.finds("F-1")
    first.delivers()
    first.tenant.turn()
    DwellMemory.objects.all().delete()
    taken_over(by=second)

    second.finds("F-2")
    second.delivers()

    assert "F-2：第 2 期租约接手，另起一段；交接突然，接手时不知道之前写到哪一份。" in walk()


def test_a_refused_finding_leaves_no_gap(boxes):
    first, second = boxes
    first.finds("F-1")
    seen_at = at_once()
    taken_over(by=second)
    first.finds("F-2")  # cut off, it goes on: this is another's by now
    first.finds("F-3", alarm_at=seen_at)  # and this one was late, but its own

    first.delivers()

    assert sorted(Finding.objects.values_list("finding_id", flat=True)) == ["F-1", "F-3"]
    assert "F-2：第 2 份没有收存：发现时已不由该识别程序看守。" in walk()
    assert "2 份清单首尾相接" in walk()


def test_a_finding_that_both_workers_tell_leaves_no_gap(boxes):
    first, second = boxes
    first.finds("F-1")
    first.delivers()
    taken_over(by=second)
    second.finds("F-1")  # it never heard that it was told
    second.finds("F-2")

    second.delivers()
    second.delivers()

    assert Finding.objects.count() == 2
    assert "F-1：第 1 份没有收存：同一抓拍已由另一识别程序报来。" in walk()
    assert Event.objects.filter(name="vision.manifest-unkept").count() == 1


def test_the_camera_that_comes_back_begins_a_stretch_of_its_own(boxes):
    first, second = boxes
    first.finds("F-1")
    first.delivers()
    first.tenant.turn()
    taken_over(by=second)
    second.finds("F-2")
    second.delivers()
    second.tenant.turn()
    first.tenant.turn()  # told that it lost the camera
    taken_over(by=first)

    first.finds("F-3")
    first.delivers()

    assert "第 3 期租约接手，另起一段，接在第 2 期第 1 份之后。" in walk()


@pytest.mark.parametrize("gone", ["F-1", "F-2"])
def test_what_is_taken_out_is_still_seen_after_a_handover(gone: str, boxes):
    first, second = boxes
    first.finds("F-1")
    first.finds("F-2")
    first.delivers()
    first.tenant.turn()
    taken_over(by=second)
    second.finds("F-3")
    second.delivers()
    walk()

    ExpectedFile.objects.filter(finding__finding_id=gone).delete()

    assert "没有收到或被抽走" in broken()


def test_a_crash_between_spool_and_memory_does_not_write_a_second_manifest(boxes):
    first, _ = boxes
    first.finds("F-1")
    first.finds("F-1")  # killed before it had noted that it was told
    first.finds("F-2")

    first.delivers()

    assert "2 份清单首尾相接" in walk()


GROUND = np.random.default_rng(7).integers(60, 120, (360, 640), dtype=np.uint8)
PLACE = Area(x=200, y=150, w=80, h=60)


def marked(finding_id: str, at: float) -> Mark:
    """What a worker remembers of a thing that it reported and that stood there."""
    there = GROUND.copy()
    there[150:210, 200:280] = np.random.default_rng(8).integers(0, 255, (60, 80))
    anchor, ground = look_at(there, PLACE), look_at(GROUND, PLACE)
    assert anchor is not None
    return Mark(
        finding_id=finding_id, kind=ObjectClass.VEHICLE, box=PLACE, anchor=anchor, round=None,
        reported_at=at, before=ground, checked_at=at, present_at=at,
    )  # fmt: skip


def test_the_next_worker_tells_that_a_reported_thing_is_gone(boxes):
    first, second = boxes
    first.finds("F-1")
    at = at_once()
    save_marks([marked("F-1", at)], marks_path(first.around.state_folder, "C001"))
    first.tenant.turn()

    taken_over(by=second)

    marks = load_marks(marks_path(second.around.state_folder, "C001"))
    watcher = Watcher(thresholds().dwell, marks)
    told = [
        answer
        for step in range(60)
        for answer in watcher.saw(
            Scene(at=at + 60 + 2 * step, luma=GROUND, scale=1.0, size=(640, 360)),
            lambda: Still(pts=0, at=at, jpeg=b"\xff\xd8"),
        )
    ]
    assert [(one.finding_id, one.answer) for one in told] == [("F-1", Answer.ABSENT)]
