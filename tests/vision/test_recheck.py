"""The camera's second look: gone by itself, asked and answered, once each."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chengzhi.accounts.types import Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.models import Recheck
from chengzhi.vision.queries.rechecks import looks_of, open_questions
from chengzhi.vision.types import CameraBeat, RecheckAnswer, RecheckMessage
from tests.conftest import actor
from tests.vision.conftest import digest, picture
from tests.vision.test_api import api, issue, post  # noqa: F401

SHADE = 77


@pytest.fixture
def stranger():
    return actor("system:x", "别县识别机", Role.SYSTEM, division="330203")


def gone(now, **changes) -> RecheckMessage:
    said = {"answer": RecheckAnswer.ABSENT, "looked_at": now, "still": digest(picture(SHADE))}
    return RecheckMessage(**said | changes)


def alive(worker, now) -> None:
    beat = CameraBeat(
        code="C001", frames=9, dropped=0, fps=1, blind_s=0, lag_s=0, state="ok", restarts=0
    )
    commands.record_heartbeat("一号", (beat,), actor=worker, now=now)


def test_gone_is_recorded_once_and_only_with_its_picture(pending, worker, bring, now):
    key = pending()
    first = commands.record_gone("F-1", gone(now), actor=worker, now=now)
    bring(SHADE)

    second = commands.record_gone("F-1", gone(now), actor=worker, now=now)
    third = commands.record_gone("F-1", gone(now), actor=worker, now=now)

    assert (first.is_new, first.evidence_missing) == (False, (digest(picture(SHADE)),))
    assert (second.is_new, third.is_new) == (True, False)
    (card,) = looks_of(key)
    assert (card.answer_label, card.shown, card.is_asked) == (
        "已消失", digest(picture(SHADE)), False,
    )  # fmt: skip
    names = [entry.name for entry in audit.history(f"finding:{key}")]
    assert names.count("vision.finding-gone") == 1


def test_gone_of_an_unknown_finding_or_another_county_is_refused(pending, worker, stranger, now):
    pending()

    with pytest.raises(NotVisible):
        commands.record_gone("F-2", gone(now, still=""), actor=worker, now=now)
    with pytest.raises(NotVisible):
        commands.record_gone("F-1", gone(now, still=""), actor=stranger, now=now)

    assert not Recheck.objects.exists()


def test_a_look_from_the_future_is_refused(pending, worker, now):
    pending()

    with pytest.raises(InvalidInput) as refused:
        late = gone(now + timedelta(hours=1), still="")
        commands.record_gone("F-1", late, actor=worker, now=now)

    assert refused.value.field == "looked_at"


def test_a_question_waits_for_the_worker_and_is_answered_once(
    pending, worker, stranger, jiang_lina, bring, now
):
    key = pending()
    bring(SHADE)
    asked = commands.ask_recheck(key, actor=jiang_lina, now=now)

    assert commands.ask_recheck(key, actor=jiang_lina, now=now) == asked
    (question,) = open_questions(worker, now=now)
    assert open_questions(stranger, now=now) == []
    assert (question.finding_id, question.bbox) == ("F-1", (650.0, 44.0, 60.0, 50.0))
    said = gone(now, answer=RecheckAnswer.PRESENT)
    assert commands.answer_recheck(asked, said, actor=worker, now=now).is_new
    assert not commands.answer_recheck(asked, said, actor=worker, now=now).is_new

    assert open_questions(worker, now=now) == []
    entry = audit.history(f"finding:{key}")[-1]
    assert entry.name == "vision.recheck-answered"
    assert "还在" in entry.sentence


def test_a_blind_camera_says_why(pending, worker, jiang_lina, now):
    key = pending()
    asked = commands.ask_recheck(key, actor=jiang_lina, now=now)
    said = gone(now, answer=RecheckAnswer.UNKNOWN, still="", reason="covered")

    commands.answer_recheck(asked, said, actor=worker, now=now)

    (card,) = looks_of(key)
    assert (card.answer_label, card.reason) == ("看不出", "画面被遮挡")


def test_an_old_question_is_no_longer_handed_out_and_may_be_asked_anew(
    pending, worker, jiang_lina, now
):
    key = pending()
    first = commands.ask_recheck(key, actor=jiang_lina, now=now)
    later = now + timedelta(minutes=11)

    assert open_questions(worker, now=later) == []
    assert commands.ask_recheck(key, actor=jiang_lina, now=later) == first
    assert len(open_questions(worker, now=later)) == 1


def test_only_a_camera_that_is_watched_is_asked_when_the_handler_is_done(
    pending, worker, jiang_lina, now
):
    key = pending()
    commands.confirm_finding(key, actor=jiang_lina, now=now)
    link = {"work_order": "workorder:7", "work_order_code": "城案〔2026〕7"}
    commands.link_work_order("F-1", **link, actor=worker, now=now)

    assert commands.ask_rechecks("workorder:7", actor=worker, now=now) == 0
    alive(worker, now)
    assert commands.ask_rechecks("workorder:7", actor=worker, now=now) == 1
    assert commands.ask_rechecks("workorder:8", actor=worker, now=now) == 0

    (question,) = open_questions(worker, now=now)
    assert question.camera == "C001"


def test_the_workers_door_of_second_looks(pending, api, jiang_lina, bring):  # noqa: F811
    clock = timezone.now()
    key = pending()
    said = {"gone_at": clock.isoformat(), "still": digest(picture(SHADE))}
    address = "/api/v1/vision/findings/F-1/gone"

    early = post(api, address, said)
    bring(SHADE)
    first, again = post(api, address, said), post(api, address, said)
    commands.ask_recheck(key, actor=jiang_lina, now=clock)
    (question,) = api.get("/api/v1/vision/rechecks").json()
    answered = {"answer": "unknown", "looked_at": clock.isoformat(), "reason": "covered"}
    told = post(api, f"/api/v1/vision/rechecks/{question['id']}", answered)

    assert early.json() == {"evidence_missing": [digest(picture(SHADE))]}
    assert (early.status_code, first.status_code, again.status_code) == (200, 201, 200)
    assert (question["finding_id"], question["camera"]) == ("F-1", "C001")
    assert told.status_code == 201
    assert post(api, "/api/v1/vision/findings/F-9/gone", said).status_code == 404
    naive = said | {"gone_at": "2026-11-25T10:30:00"}
    assert post(api, address, naive).status_code == 422
    assert Client().get("/api/v1/vision/rechecks").status_code == 401
