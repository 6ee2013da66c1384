"""What a person decides about a finding, and how it is taken back."""

from datetime import timedelta

import pytest

from chengzhi.accounts.interface import system_actor
from chengzhi.accounts.rules import NotPermitted
from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.kernel.events import from_data
from chengzhi.kernel.procedure import StepNotAllowed
from chengzhi.standards.types import StandardMissing
from chengzhi.vision import commands, interface
from chengzhi.vision.events import FindingConfirmed
from chengzhi.vision.models import Finding
from tests.vision.conftest import LAT, LON, incoming


@pytest.fixture
def reactions():
    return system_actor("reactions", division="330225")


def last_event(finding: int):
    entry = audit.history(f"finding:{finding}")[-1]
    return entry.name, from_data(entry.name, entry.data), entry.sentence


def test_confirming_tells_everything_a_work_order_needs(pending, jiang_lina, now):
    finding = pending()

    commands.confirm_finding(finding, actor=jiang_lina, now=now, note=" 面包车 ")

    row = Finding.objects.get(pk=finding)
    name, event, sentence = last_event(finding)
    assert (row.state, row.decided_by, row.decided_at) == ("confirmed", jiang_lina.ref, now)
    assert name == "vision.finding-confirmed"
    assert event == FindingConfirmed(
        finding_id="F-1",
        client_ref="finding:F-1",
        camera="C001",
        camera_name="靖南大街天安路口北",
        kind="motor_vehicle_parked",
        matter_code="09009",
        reported_matter_code="09009",
        lon=LON,
        lat=LAT,
        address="丹东街道靖南大街",
        zone="kerb",
        started_at=(now - timedelta(minutes=2)).isoformat(),
        alarm_at=(now - timedelta(minutes=1)).isoformat(),
        note="面包车",
        remark="，面包车",
        priority=1,
    )
    assert sentence == "人工确认抓拍属实，面包车"


def test_the_reviewer_may_correct_the_matter(pending, jiang_lina, now):
    finding = pending()

    commands.confirm_finding(finding, matter_code="09010", actor=jiang_lina, now=now)

    _, event, sentence = last_event(finding)
    assert (event.matter_code, event.reported_matter_code) == ("09010", "09009")
    assert sentence == "人工确认抓拍属实，类别改为09010"


def test_a_matter_that_is_in_no_standard_is_refused(pending, jiang_lina, now):
    finding = pending()

    with pytest.raises(StandardMissing):
        commands.confirm_finding(finding, matter_code="99999", actor=jiang_lina, now=now)

    assert Finding.objects.get().state == "pending"
    assert not Event.objects.filter(name="vision.finding-confirmed").exists()


def test_rejecting_keeps_the_reason(pending, jiang_lina, now):
    finding = pending()

    commands.reject_finding(finding, reason="zone_wrong", actor=jiang_lina, now=now)

    row = Finding.objects.get()
    assert (row.state, row.reason) == ("rejected", "zone_wrong")
    assert last_event(finding)[2] == "人工判为误报：区域画错"


def test_another_reason_must_be_said_in_words(pending, jiang_lina, now):
    finding = pending()

    with pytest.raises(InvalidInput):
        commands.reject_finding(finding, reason="other", actor=jiang_lina, now=now)
    commands.reject_finding(finding, reason="other", note="广告牌", actor=jiang_lina, now=now)

    assert last_event(finding)[2] == "人工判为误报：其他，广告牌"


def test_merging_carries_the_work_order(pending, wang_fang, now):
    finding = pending()

    commands.merge_finding(
        finding, work_order="workorder:12", work_order_code="41729", actor=wang_fang, now=now
    )

    _, event, sentence = last_event(finding)
    assert (event.work_order, event.work_order_code) == ("workorder:12", "41729")
    assert sentence == "并入案件41729"


@pytest.mark.parametrize("work_order", ["", "workorder:", "finding:1", "12"])
def test_merging_needs_a_work_order(pending, jiang_lina, now, work_order):
    finding = pending()

    with pytest.raises(InvalidInput) as refused:
        commands.merge_finding(
            finding, work_order=work_order, work_order_code="", actor=jiang_lina, now=now
        )

    assert refused.value.field == "work_order"
    assert Finding.objects.get().state == "pending"


@pytest.mark.parametrize("who", ["li_ming", "zhao_qiang", "chen_jing", "zhou_jian"])
def test_only_reviewer_and_duty_manager_decide(pending, request, now, who):
    finding, person = pending(), request.getfixturevalue(who)

    with pytest.raises((NotPermitted, NotVisible)):
        commands.confirm_finding(finding, actor=person, now=now)
    with pytest.raises((NotPermitted, NotVisible)):
        commands.reject_finding(finding, reason="light", actor=person, now=now)

    assert Finding.objects.get().state == "pending"
    assert len(audit.history(f"finding:{finding}")) == 2


def test_two_reviewers_meet_and_the_second_is_told(pending, jiang_lina, wang_fang, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)

    with pytest.raises(StepNotAllowed, match="当前状态“已确认”不能“判为误报”"):
        commands.reject_finding(finding, reason="light", actor=wang_fang, now=now)

    assert Finding.objects.get().decided_by == jiang_lina.ref


def test_nothing_is_decided_while_evidence_is_on_its_way(camera, worker, jiang_lina, now):
    receipt = commands.record_finding(incoming(now), actor=worker, now=now)

    with pytest.raises(StepNotAllowed, match="证据还在上传"):
        commands.confirm_finding(receipt.id, actor=jiang_lina, now=now)

    assert Finding.objects.get().state == "pending"


@pytest.mark.parametrize(
    "decide",
    [
        lambda pk, **who: commands.confirm_finding(pk, **who),
        lambda pk, **who: commands.reject_finding(pk, reason="light", **who),
        lambda pk, **who: commands.merge_finding(
            pk, work_order="workorder:1", work_order_code="1", **who
        ),
    ],
    ids=["confirmed", "rejected", "merged"],
)
def test_each_verdict_may_be_taken_back(pending, jiang_lina, now, decide):
    finding = pending()
    decide(finding, actor=jiang_lina, now=now)

    commands.reopen_finding(finding, actor=jiang_lina, now=now + timedelta(minutes=9))

    row = Finding.objects.get()
    assert (row.state, row.decided_at, row.decided_by) == ("pending", None, "")
    assert (row.reason, row.work_order, row.confirmed_matter_code) == ("", "", "")
    assert last_event(finding)[0] == "vision.finding-reopened"


def test_not_after_ten_minutes(pending, jiang_lina, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)

    with pytest.raises(StepNotAllowed):
        commands.reopen_finding(finding, actor=jiang_lina, now=now + timedelta(minutes=11))

    assert Finding.objects.get().state == "confirmed"


def test_not_by_another_reviewer_but_by_the_duty_manager(pending, jiang_lina, wang_fang, now):
    from dataclasses import replace

    finding, colleague = pending(), replace(jiang_lina, ref="person:55", name="何伟")
    commands.confirm_finding(finding, actor=jiang_lina, now=now)

    with pytest.raises(NotPermitted):
        commands.reopen_finding(finding, actor=colleague, now=now)
    assert Finding.objects.get().state == "confirmed"

    commands.reopen_finding(finding, actor=wang_fang, now=now)
    assert Finding.objects.get().state == "pending"


def test_not_once_the_work_order_has_moved(pending, jiang_lina, reactions, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)
    commands.link_work_order(
        "F-1", work_order="workorder:7", work_order_code="41732", actor=reactions, now=now
    )
    moved = commands.note_work_order_moved("workorder:7")

    with pytest.raises(StepNotAllowed, match="41732已经流转"):
        commands.reopen_finding(finding, actor=jiang_lina, now=now)

    assert moved == 1
    assert Finding.objects.get().state == "confirmed"


def test_an_unmoved_work_order_is_named_when_the_decision_is_taken_back(
    pending, jiang_lina, reactions, now
):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)
    commands.link_work_order(
        "F-1", work_order="workorder:7", work_order_code="41732", actor=reactions, now=now
    )

    commands.reopen_finding(finding, actor=jiang_lina, now=now)

    _, event, _ = last_event(finding)
    assert (event.was, event.work_order, event.work_order_code) == (
        "confirmed",
        "workorder:7",
        "41732",
    )


def test_a_second_confirmation_has_a_client_reference_of_its_own(pending, jiang_lina, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)
    commands.reopen_finding(finding, actor=jiang_lina, now=now)

    commands.confirm_finding(finding, actor=jiang_lina, now=now)

    assert last_event(finding)[1].client_ref == "finding:F-1#2"


def test_linking_twice_is_linking_once(pending, jiang_lina, reactions, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)
    link = {"work_order": "workorder:7", "work_order_code": "41732", "actor": reactions, "now": now}

    answers = [commands.link_work_order("F-1", **link) for _ in range(2)]

    assert answers == [True, True]
    assert Event.objects.filter(name="vision.work-order-linked").count() == 1
    assert last_event(finding)[2] == "由抓拍生成案件41732"


def test_a_reopened_finding_refuses_its_late_work_order(pending, jiang_lina, reactions, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)
    commands.reopen_finding(finding, actor=jiang_lina, now=now)

    linked = commands.link_work_order(
        "F-1", work_order="workorder:7", work_order_code="41732", actor=reactions, now=now
    )

    assert (linked, interface.is_confirmed("F-1")) == (False, False)
    assert Finding.objects.get().work_order == ""


def test_change_and_history_stand_or_fall_together(pending, jiang_lina, now, monkeypatch):
    finding = pending()

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("chengzhi.vision.commands.review.audit.record", broken)
    with pytest.raises(OSError, match="disk full"):
        commands.confirm_finding(finding, actor=jiang_lina, now=now)

    assert Finding.objects.get().state == "pending"


def test_a_merged_finding_may_be_taken_back_though_the_work_order_moves(pending, jiang_lina, now):
    finding = pending()
    commands.merge_finding(
        finding, work_order="workorder:7", work_order_code="7", actor=jiang_lina, now=now
    )

    moved = commands.note_work_order_moved("workorder:7")
    commands.reopen_finding(finding, actor=jiang_lina, now=now)

    assert (moved, Finding.objects.get().state) == (0, "pending")
