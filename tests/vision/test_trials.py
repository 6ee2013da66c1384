"""Rules tried on stored stills: asked for, run by a worker, switched on or let go."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from chengzhi.accounts.interface import NotPermitted
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.vision import commands
from chengzhi.vision.models import Camera, Rule, RuleTrial, TrialPicture, ZonePlan
from chengzhi.vision.queries.trials import open_trials, trial_view
from chengzhi.vision.rules.plan import PlanChanged
from chengzhi.vision.rules.trials import TrialRunning, along, per_day
from chengzhi.vision.types import RuleSpec, TrialAlarm, TrialResult
from chengzhi_vision.errors import DeliveryRefused
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.trial.runner import Helper
from chengzhi_vision.types import Frame
from tests.vision.conftest import picture
from tests.vision.test_pages import manager, reviewer, sign_in, text
from tests.vision.test_plans import area, sent
from tests.vision.test_with_the_worker import server

__all__ = ["manager", "reviewer", "server", "sign_in"]
HOUR = timedelta(hours=1)


@pytest.fixture
def slower(zone):
    return replace(zone, rules=(RuleSpec(finding=zone.rules[0].finding, dwell_s=60),))


@pytest.fixture
def trial(camera, slower, administrator, now) -> int:
    return commands.ask_trial(
        "C001", (slower,), perspective=None, size=None, actor=administrator, now=now
    )


def result(now, **changes: object) -> TrialResult:
    alarm = TrialAlarm(
        zone="kerb",
        kind="motor_vehicle_parked",
        started_at=now - 7 * HOUR,
        alarm_at=now - 6 * HOUR,
        start_unknown=False,
        bbox=(650.0, 44.0, 60.0, 50.0),
        score=0.7,
        pictures=(picture(1), picture(2), picture(3)),
    )
    made = TrialResult(
        worker="甲",
        first_at=now - 12 * HOUR,
        last_at=now,
        stills=2160,
        covered_s=43_200,
        gaps=((now - 11 * HOUR, now - 10 * HOUR),),
        alarm_count=3,
        alarms=(alarm,),
    )
    return replace(made, **changes)


def state(trial: int) -> str:
    return RuleTrial.objects.get(pk=trial).state


def told() -> list[str]:
    return [entry.name for entry in audit.history(f"camera:{Camera.objects.get().pk}")]


# ── the deeds ──────────────────────────────────────────────────────────────────────────


def test_a_trial_is_asked_run_and_switched_on(trial, administrator, worker, now):
    (task,) = open_trials(worker, worker="甲", now=now)
    begun = commands.note_progress(trial, worker="甲", done=0, total=9, actor=worker, now=now)
    kept = commands.finish_trial(trial, result(now), actor=worker, now=now)
    seen = trial_view(administrator, trial, now=now)
    version = commands.switch_on_trial(trial, actor=administrator, now=now)

    assert task["camera"]["zones"][0]["rules"][0]["dwell_s"] == 60
    assert "source" not in task["camera"]["camera"] or not task["camera"]["camera"]["source"]
    assert (begun, kept, version, state(trial)) == (True, True, 2, "switched_on")
    assert (seen.per_day, seen.alarm_count, len(seen.alarms[0].pictures)) == (6.0, 3, 3)
    assert [(gap["x"], gap["width"]) for gap in seen.gaps] == [(0.0, 500.0), (541.7, 41.6)]
    assert Rule.objects.get().dwell_s == 60
    assert told()[-2:] == ["vision.zone-plan-saved", "vision.trial-switched-on"]


def test_an_answer_sent_again_changes_nothing(trial, worker, now):
    commands.finish_trial(trial, result(now), actor=worker, now=now)
    before = told()

    again = commands.finish_trial(trial, result(now, alarm_count=9), actor=worker, now=now)

    assert not again
    assert told() == before
    assert RuleTrial.objects.get().result["alarm_count"] == 3
    assert TrialPicture.objects.count() == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"covered_s": 1799},
        {"alarm_count": 0},
        {"last_at": None},
        {"picture": b"GIF89a"},
        {"picture": b"\xff\xd8\xff" + bytes(30_000)},
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused(trial, worker, now, changes):
    if "picture" in changes:
        good = result(now).alarms[0]
        changes = {"alarms": (replace(good, pictures=(changes["picture"],)),)}
    if "last_at" in changes:
        changes = {"last_at": now - 20 * HOUR}

    with pytest.raises(InvalidInput):
        commands.finish_trial(trial, result(now, **changes), actor=worker, now=now)

    assert state(trial) == "waiting"
    assert not TrialPicture.objects.exists()


def test_another_worker_waits_until_the_first_has_gone(trial, worker, now):
    commands.note_progress(trial, worker="甲", done=1, total=9, actor=worker, now=now)

    with pytest.raises(StepNotAllowed, match="甲"):
        commands.note_progress(trial, worker="乙", done=1, total=9, actor=worker, now=now)

    later = now + timedelta(minutes=6)
    assert open_trials(worker, worker="乙", now=now) == []
    assert len(open_trials(worker, worker="乙", now=later)) == 1
    assert commands.note_progress(trial, worker="乙", done=0, total=9, actor=worker, now=later)


def test_a_refusal_of_the_worker_is_shown(trial, administrator, worker, now):
    commands.fail_trial(trial, worker="甲", sentence="画面只有3分钟。", actor=worker, now=now)

    seen = trial_view(administrator, trial, now=now)

    assert (seen.state, seen.refusal, seen.per_day) == ("failed", "画面只有3分钟。", None)
    assert not commands.fail_trial(trial, worker="甲", sentence="x", actor=worker, now=now)


def test_what_was_drawn_since_keeps_a_trial_from_being_switched_on(
    trial, zone, administrator, worker, now
):
    commands.finish_trial(trial, result(now), actor=worker, now=now)
    commands.save_zones("C001", (), size=None, actor=administrator, now=now)

    with pytest.raises(StepNotAllowed, match="第2版"):
        commands.switch_on_trial(trial, actor=administrator, now=now)

    assert state(trial) == "done"
    assert ZonePlan.objects.count() == 2


def test_a_discarded_trial_loses_its_pictures_and_stops_the_worker(
    trial, administrator, worker, now
):
    commands.note_progress(trial, worker="甲", done=1, total=9, actor=worker, now=now)
    commands.discard_trial(trial, actor=administrator, now=now)

    assert not commands.note_progress(trial, worker="甲", done=2, total=9, actor=worker, now=now)
    assert not commands.finish_trial(trial, result(now), actor=worker, now=now)
    assert (state(trial), TrialPicture.objects.count()) == ("discarded", 0)


def test_one_trial_at_a_time_and_none_of_nothing(trial, slower, administrator, now):
    with pytest.raises(TrialRunning):
        commands.ask_trial(
            "C001", (slower,), perspective=None, size=None, actor=administrator, now=now
        )
    commands.discard_trial(trial, actor=administrator, now=now)
    with pytest.raises(PlanChanged):
        commands.ask_trial(
            "C001", (slower,), perspective=None, size=None, base=0, actor=administrator, now=now
        )
    with pytest.raises(InvalidInput, match="没有启用的规则"):
        commands.ask_trial("C001", (), perspective=None, size=None, actor=administrator, now=now)

    assert RuleTrial.objects.count() == 1


def test_only_the_administrator_asks_and_only_a_worker_answers(
    camera, slower, administrator, jiang_lina, chen_jing, worker, now
):
    with pytest.raises(NotPermitted):
        commands.ask_trial(
            "C001", (slower,), perspective=None, size=None, actor=jiang_lina, now=now
        )
    made = commands.ask_trial(
        "C001", (slower,), perspective=None, size=None, actor=administrator, now=now
    )
    with pytest.raises(NotPermitted):
        commands.finish_trial(made, result(now), actor=administrator, now=now)
    with pytest.raises(NotPermitted):
        trial_view(jiang_lina, made, now=now)
    with pytest.raises(NotVisible):
        trial_view(replace(administrator, division="330203"), made, now=now)
    with pytest.raises(NotPermitted):
        commands.switch_on_trial(made, actor=chen_jing, now=now)

    assert state(made) == "waiting"


def test_expected_alarms_and_places_on_the_line(now):
    assert per_day(3, covered_s=43_200) == 6.0
    assert per_day(3, covered_s=0) is None
    span = {"since": now - 4 * HOUR, "until": now}
    assert [along(now - hours * HOUR, **span) for hours in (5, 3, 0)] == [0.0, 250.0, 1000.0]


# ── the pages ──────────────────────────────────────────────────────────────────────────


def test_the_page_shows_progress_then_alarms_then_switches_on(camera, manager, worker, now):
    asked = manager.post("/vision/cameras/at/C001/trials/", sent([area()]))
    trial = RuleTrial.objects.get().pk
    waiting = text(manager.get(asked["Location"]))
    commands.note_progress(trial, worker="甲", done=7, total=10, actor=worker, now=now)
    running = text(manager.get(asked["Location"], headers={"hx-request": "true"}))
    commands.finish_trial(trial, result(now), actor=worker, now=now)
    done = text(manager.get(asked["Location"]))
    shown = manager.get(f"/vision/trials/{trial}/pictures/{TrialPicture.objects.first().pk}/")

    assert asked["Location"] == f"/vision/trials/{trial}/"
    assert "every 3s" in waiting
    assert 'value="70"' in running
    assert "<html" not in running
    assert "every 3s" not in done
    assert "启用这套规则" in done
    assert "6.0" in done
    assert "style=" not in done
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert manager.post(f"/vision/trials/{trial}/switch-on/").status_code == 302
    assert Rule.objects.get().hours == ["67/09:00-18:00"]


def test_the_page_is_the_administrators(trial, reviewer, manager):
    assert reviewer.get(f"/vision/trials/{trial}/").status_code == 403
    assert reviewer.post(f"/vision/trials/{trial}/discard/").status_code == 403
    assert manager.get(f"/vision/trials/{trial}/pictures/9/").status_code == 404
    assert manager.post(f"/vision/trials/{trial}/discard/").status_code == 302
    assert "已放弃" in text(manager.get(f"/vision/trials/{trial}/"))


# ── the real worker at the real door ───────────────────────────────────────────────────


def helper(server, ring, now, *, newest=None) -> Helper:
    return Helper(
        server=server, ring=ring, detector=None, name="甲", watched=lambda: ["C001"],
        newest=lambda code: newest, clock=now.timestamp, rest=lambda seconds: False,
    )  # fmt: skip


def test_the_worker_runs_a_trial_to_its_end(server, trial, now, tmp_path):
    ring = StillRing(tmp_path, every_s=20.0)
    ground = np.random.default_rng(1).integers(60, 120, (72, 96, 3), np.uint8)
    start = now.timestamp() - 3600
    for number in range(95):
        at = start + 20.0 * number
        ring.offer("C001", Frame(index=number, pts=at, at=at, image=ground))

    done = helper(server, ring, now).turn()

    row = RuleTrial.objects.get()
    assert (done, row.state, row.stills_done) == (1, "done", 95)
    assert (row.result["alarm_count"], row.result["covered_s"]) == (0, 1900.0)
    assert helper(server, ring, now).turn() == 0


def test_the_worker_says_that_it_has_too_few_stills(server, trial, now, tmp_path):
    helper(server, StillRing(tmp_path), now).turn()

    row = RuleTrial.objects.get()
    assert (row.state, row.refusal[:9]) == ("failed", "存下的画面只有0分")


def test_the_worker_leaves_the_cameras_of_others(server, trial, now, tmp_path):
    other = replace(helper(server, StillRing(tmp_path), now), watched=lambda: ["C002"])

    assert other.turn() == 0
    assert state(trial) == "waiting"


def test_the_worker_brings_the_picture_that_somebody_waits_for(
    server, administrator, now, tmp_path
):
    commands.ask_still("C001", actor=administrator, now=now)
    newest = np.full((72, 96, 3), 90, np.uint8)

    done = helper(server, StillRing(tmp_path), now, newest=newest).turn()

    row = Camera.objects.get()
    assert (done, row.still_asked_at) == (1, None)
    assert len(row.still) == 64


def test_a_picture_that_nobody_asked_for_is_let_go(camera, worker, now):
    kept = commands.bring_still("C001", picture(9), actor=worker, now=now)

    assert (kept, Camera.objects.get().still) == ("", "")


def test_a_broken_answer_is_refused_at_the_door(server, trial, now):
    body = {
        "worker": "甲", "first_at": "2026-11-25T00:00:00", "last_at": now.isoformat(), "stills": 1,
        "covered_s": 3600, "alarm_count": 0,
    }  # fmt: skip
    alarm = {
        "zone": "kerb", "kind": "stall", "started_at": now.isoformat(),
        "alarm_at": now.isoformat(), "bbox": [1, 2, 3, 4], "score": 0.5,
    }  # fmt: skip
    with pytest.raises(DeliveryRefused, match="first_at"):
        server.put_trial_result(trial, body)
    body["first_at"] = (now - HOUR).isoformat()
    with pytest.raises(DeliveryRefused, match="base64"):
        server.put_trial_result(
            trial, {**body, "alarm_count": 1, "alarms": [{**alarm, "pictures": ["?"]}]}
        )

    server.put_trial_result(
        trial,
        {
            **body,
            "alarm_count": 1,
            "alarms": [{**alarm, "pictures": [b64encode(picture(1)).decode()]}],
        },
    )
    assert RuleTrial.objects.get().result["alarms"][0]["kind"] == "stall"
