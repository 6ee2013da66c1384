"""The camera looks again: a hint to the checker, or the check under a published policy."""

import json
from datetime import timedelta

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.workorders.commands import field
from chengzhi.workorders.commands.looks import note_camera_look
from chengzhi.workorders.commands.taking import take
from chengzhi.workorders.models import CameraLook, WorkOrder
from chengzhi.workorders.queries.looks import looks_of
from chengzhi.workorders.queries.record import record
from chengzhi.workorders.types import CameraSaw, LookAnswer, PolicyKind, State
from tests.conftest import COUNTY

ROBOT = system_actor("wiring", division=COUNTY)


@pytest.fixture
def to_check(bring) -> WorkOrder:
    return bring(State.TO_CHECK)


@pytest.fixture
def saw(now, photograph):
    def look(answer: LookAnswer, ref: str = "recheck:1", *, minutes: float = 3) -> CameraSaw:
        return CameraSaw(
            ref=ref,
            camera="C001",
            answer=answer,
            looked_at=now + timedelta(minutes=minutes),
            photos=(photograph(ROBOT, "check"),),
        )

    return look


def publish(actor, now, *, percent: int = 0, kind: PolicyKind = PolicyKind.CAMERA) -> int:
    return field.publish_policy(
        kind=kind,
        title="监控核查办法",
        document="象综执〔2026〕40号",
        matter_prefixes=("09",),
        sample_percent=percent,
        actor=actor,
        now=now,
    )


def test_without_a_policy_it_is_a_hint(to_check, saw, events, now):
    note_camera_look(to_check.pk, saw(LookAnswer.ABSENT), actor=ROBOT, now=now)

    to_check.refresh_from_db()
    assert to_check.state == State.TO_CHECK
    assert events(to_check)[-1] == "camera-looked"
    (card,) = looks_of(to_check.pk)
    assert (card.answer_label, card.is_after_handling, card.is_warning) == ("已消失", True, False)


def test_told_twice_it_is_written_once(to_check, saw, events, now):
    look = saw(LookAnswer.ABSENT)
    assert note_camera_look(to_check.pk, look, actor=ROBOT, now=now)

    assert not note_camera_look(to_check.pk, look, actor=ROBOT, now=now)

    assert CameraLook.objects.count() == 1
    assert events(to_check).count("camera-looked") == 1


def test_a_published_policy_lets_it_pass_the_check_and_names_who_answers(
    to_check, saw, events, zhao_qiang, now
):
    policy = publish(zhao_qiang, now)

    note_camera_look(to_check.pk, saw(LookAnswer.ABSENT), actor=ROBOT, now=now)

    to_check.refresh_from_db()
    assert (to_check.state, to_check.checked_at) == (State.CHECKED, now)
    assert events(to_check)[-2:] == ["camera-looked", "checked-by-camera"]
    event = _last(to_check)
    assert (event["policy"], event["answerable"]) == (policy, zhao_qiang.ref)


def _last(order: WorkOrder) -> dict[str, object]:
    from chengzhi.audit.models import Event

    row = Event.objects.filter(subject=order.subject).order_by("-seq").first()
    assert row is not None
    return dict(json.loads(row.data))


@pytest.mark.parametrize(
    ("answer", "minutes"),
    [(LookAnswer.PRESENT, 3), (LookAnswer.UNKNOWN, 3), (LookAnswer.ABSENT, -3)],
)
def test_only_gone_after_the_handling_passes(to_check, saw, zhao_qiang, now, answer, minutes):
    publish(zhao_qiang, now)

    note_camera_look(to_check.pk, saw(answer, minutes=minutes), actor=ROBOT, now=now)

    to_check.refresh_from_db()
    assert to_check.state == State.TO_CHECK


def test_a_sample_a_supervised_case_and_another_kind_of_policy_stay_with_the_collector(
    to_check, saw, zhao_qiang, now
):
    publish(zhao_qiang, now, kind=PolicyKind.SPOT)
    note_camera_look(to_check.pk, saw(LookAnswer.ABSENT, "recheck:1"), actor=ROBOT, now=now)
    publish(zhao_qiang, now, percent=100)
    note_camera_look(to_check.pk, saw(LookAnswer.ABSENT, "recheck:2"), actor=ROBOT, now=now)
    publish(zhao_qiang, now)
    WorkOrder.objects.update(supervision="leader")
    note_camera_look(to_check.pk, saw(LookAnswer.ABSENT, "recheck:3"), actor=ROBOT, now=now)

    to_check.refresh_from_db()
    assert to_check.state == State.TO_CHECK


def test_what_a_collector_handled_on_the_spot_stays_with_its_sample_check(
    to_check, saw, zhao_qiang, now
):
    policy = publish(zhao_qiang, now)
    WorkOrder.objects.update(handler="", spot_policy=policy)

    assert note_camera_look(to_check.pk, saw(LookAnswer.ABSENT), actor=ROBOT, now=now)

    to_check.refresh_from_db()
    assert to_check.state == State.TO_CHECK


def test_still_there_after_the_report_warns_the_checker(to_check, saw, now):
    note_camera_look(to_check.pk, saw(LookAnswer.PRESENT), actor=ROBOT, now=now)

    (card,) = looks_of(to_check.pk)
    assert card.is_warning
    assert _last(to_check)["warning"] == "，与处置反馈不符，请核查时留意"


def test_nobody_takes_the_cameras_step_by_hand(to_check, wang_fang, now):
    shown = record(wang_fang, to_check.pk, now=now)

    assert "camera_check" not in [action.name for action in shown.actions]
    with pytest.raises(StepNotAllowed):
        take(to_check, "camera_check", actor=wang_fang)
