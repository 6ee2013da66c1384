"""Heartbeats, blind minutes, silence and recovery."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision import commands
from chengzhi.vision.models import CameraDay, CameraHealth, Incident, WorkerStatus
from chengzhi.vision.queries.cameras import camera_detail, camera_page
from chengzhi.vision.queries.workers import worker_rows
from chengzhi.vision.tasks import tick
from chengzhi.vision.types import CameraBeat, FindingKind
from tests.vision.conftest import incoming


def beat(**changes: object) -> CameraBeat:
    said = CameraBeat(
        code="C001", frames=100, dropped=2, fps=5.0, blind_s=30.0, lag_s=0.4, state="ok", restarts=0
    )
    return replace(said, **changes)


@pytest.fixture
def hear(worker, now):
    def heartbeat(*beats: CameraBeat, at=now):
        return commands.record_heartbeat("一号识别机", beats, actor=worker, now=at)

    return heartbeat


def state(actor, now) -> str:
    return camera_detail(actor, "C001", now=now).row.state


def test_a_heartbeat_is_kept_and_unknown_cameras_are_named(camera, hear, jiang_lina, now):
    receipt = hear(beat(), beat(code="C999"))

    row = camera_detail(jiang_lina, "C001", now=now).row
    assert (receipt.known, receipt.unknown) == (1, ("C999",))
    assert (row.state, row.fps, row.dropped, row.blind_minutes) == ("running", 5.0, 2, 0.5)
    assert [w.name for w in worker_rows(jiang_lina, now=now)] == ["一号识别机"]


def test_the_day_sums_what_grew_even_over_a_restart(camera, hear, now):
    hear(beat(frames=100, blind_s=30))
    hear(beat(frames=160, blind_s=90), at=now + timedelta(seconds=10))
    hear(beat(frames=20, blind_s=5, restarts=1), at=now + timedelta(seconds=20))

    day = CameraDay.objects.get()
    assert (day.frames, day.blind_s) == (180, 95)
    assert CameraHealth.objects.get().frames == 20


def test_the_next_day_begins_at_nought(camera, hear, now):
    hear(beat(frames=100))
    hear(beat(frames=150), at=now + timedelta(days=1))

    assert list(CameraDay.objects.order_by("day").values_list("frames", flat=True)) == [100, 50]


def test_a_camera_never_heard_of_is_not_yet_connected(camera, jiang_lina, now):
    assert state(jiang_lina, now) == "never"
    tick(now + timedelta(days=1))
    assert state(jiang_lina, now + timedelta(days=1)) == "never"


def test_a_silent_camera_is_told_of_once_until_it_speaks_again(camera, hear, jiang_lina, now):
    hear(beat())
    later = now + timedelta(seconds=91)

    counts = [tick(now + timedelta(seconds=89)), tick(later), tick(later + timedelta(minutes=5))]

    assert counts == [0, 1, 0]
    assert state(jiang_lina, later) == "silent"
    assert Event.objects.filter(name="vision.camera-silent").count() == 1
    assert Incident.objects.get().started_at == now

    hear(beat(), at=later + timedelta(hours=2))
    assert Incident.objects.get().ended_at == later + timedelta(hours=2)
    assert Event.objects.filter(name="vision.camera-recovered").count() == 1
    tick(later + timedelta(hours=3))
    assert Event.objects.filter(name="vision.camera-silent").count() == 2


def test_a_camera_that_was_switched_off_is_not_silent(camera, hear, draft, administrator, now):
    hear(beat())
    commands.change_camera("C001", replace(draft, enabled=False), actor=administrator, now=now)

    assert tick(now + timedelta(hours=1)) == 0
    assert state(administrator, now) == "disabled"


def test_blindness_ends_when_the_camera_sees_again(camera, hear, worker, jiang_lina, now):
    message = incoming(now, "B-1", kind=FindingKind.CAMERA_BLIND, evidence=())
    commands.record_finding(message, actor=worker, now=now)
    hear(beat(state="covered"))
    assert state(jiang_lina, now) == "blind"
    assert Incident.objects.get().ended_at is None

    hear(beat(state="ok"), at=now + timedelta(minutes=1))

    assert Incident.objects.get().ended_at == now + timedelta(minutes=1)


@pytest.mark.parametrize("wanted", ["running", "never", "disabled", "silent", "blind"])
def test_the_list_finds_cameras_by_state(camera, hear, draft, administrator, now, wanted):
    for code in ("C002", "C003", "C004", "C005"):
        commands.register_camera(code, draft, actor=administrator, now=now)
    hear(beat(code="C004"), at=now - timedelta(hours=1))
    hear(beat(), beat(code="C002", state="frozen"), beat(code="C005"))
    commands.change_camera("C005", replace(draft, enabled=False), actor=administrator, now=now)
    codes = {
        "running": ["C001"],
        "blind": ["C002"],
        "never": ["C003"],
        "silent": ["C004"],
        "disabled": ["C005"],
    }

    page = camera_page(administrator, now=now, state=wanted)

    assert [row.code for row in page.rows] == codes[wanted]
    assert [row.state for row in page.rows] == [wanted]


def test_a_heartbeat_that_cannot_be_meant_is_refused(camera, hear, now):
    with pytest.raises(InvalidInput) as refused:
        hear(beat(frames=-1))
    with pytest.raises(InvalidInput) as nameless:
        commands.record_heartbeat(" ", (), actor=system_actor("w", division="330225"), now=now)

    assert (refused.value.field, nameless.value.field) == ("cameras[0].frames", "worker")
    assert not WorkerStatus.objects.exists()


def test_people_send_no_heartbeats(camera, administrator, now):
    with pytest.raises(NotPermitted):
        commands.record_heartbeat("x", (beat(),), actor=administrator, now=now)

    assert not CameraHealth.objects.exists()


def test_a_worker_of_another_county_moves_no_camera_here(camera, worker, now):
    stranger = replace(worker, division="330203")

    receipt = commands.record_heartbeat("二号", (beat(),), actor=stranger, now=now)

    assert (receipt.known, receipt.unknown) == (0, ("C001",))
    assert not CameraHealth.objects.exists()


def test_what_a_worker_lacks_is_kept_until_it_says_no_more(camera, worker, jiang_lina, now):
    full = "磁盘空间不足，剩余3 MB：试跑用的小图写不下，识别照常进行。"

    def notes(note: str) -> list[str]:
        commands.record_heartbeat("一号识别机", (beat(),), note=note, actor=worker, now=now)
        return [row.note for row in worker_rows(jiang_lina, now=now)]

    assert notes(full) == [full]
    assert notes("x" * 400) == ["x" * 300]
    assert notes("") == [""]
