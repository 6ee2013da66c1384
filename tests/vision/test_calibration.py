"""Thresholds at work: learned, proposed, published, taken back; findings parked and drawn."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.vision import commands
from chengzhi.vision.commands.calibrate import NothingToTakeBack, OutsideLimits, ProposalOver
from chengzhi.vision.models import DriftAlarm, Finding, ScorePolicy, Threshold
from chengzhi.vision.queries.calibration import calibration_detail, calibration_page
from chengzhi.vision.queries.cameras import worker_cameras
from chengzhi.vision.queries.findings import matching
from chengzhi.vision.rules.drill import from_query
from chengzhi.vision.types import FindingState, PolicyDraft
from tests.vision.conftest import incoming

KIND = "motor_vehicle_parked"
POLICY = PolicyDraft(
    title="违停抓拍阈值办法",
    document="象综执〔2026〕31号",
    kind=KIND,
    target=0.9,
    floor=0.3,
    ceiling=0.8,
    most_step=0.5,
    exploration_share=0.1,
    is_automatic=True,
)


@pytest.fixture
def lead(zhao_qiang):
    """The leader, who may publish policies."""
    return zhao_qiang


@pytest.fixture
def history(camera, worker, jiang_lina, now):
    """A hundred verdicts: low scores are mostly wrong, high ones right."""
    then = now - timedelta(days=3)
    commands.record_finding(incoming(then, "H", evidence=()), actor=worker, now=then)
    one = Finding.objects.get()
    fields = {f.attname: getattr(one, f.attname) for f in Finding._meta.local_fields}
    Finding.objects.all().delete()
    rows = []
    for number in range(100):
        score = 0.3 + 0.06 * (number % 10)
        is_true = score > 0.55 or number % 5 == 0
        said = {
            "id": None,
            "finding_id": f"H-{number}",
            "score": score,
            "state": FindingState.CONFIRMED if is_true else FindingState.REJECTED,
            "reason": "" if is_true else "person",
            "decided_at": then + timedelta(minutes=9),
            "decided_by": jiang_lina.ref,
        }
        rows.append(Finding(**fields | said))
    Finding.objects.bulk_create(rows)


def held() -> list[tuple[str, float, str]]:
    rows = Threshold.objects.order_by("pk")
    return [(row.camera.code if row.camera else "", row.value, row.state) for row in rows]


def test_without_a_policy_the_machine_only_proposes(history, worker, now):
    commands.recalibrate(actor=worker, now=now)

    assert held() == [("C001", 0.4, "proposed"), ("", 0.4, "proposed")]
    assert audit.history("threshold:motor_vehicle_parked:330225")[-1].name == (
        "vision.threshold-proposed"
    )


def test_under_an_automatic_policy_it_publishes_in_the_name_of_who_answers(
    history, worker, lead, now
):
    commands.publish_score_policy(POLICY, actor=lead, now=now)

    commands.recalibrate(actor=worker, now=now)

    assert {state for _, _, state in held()} == {"published"}
    row = Threshold.objects.get(camera__isnull=True)
    assert (row.decided_by, row.is_automatic, row.value) == (lead.ref, True, 0.55)
    entry = audit.history("threshold:motor_vehicle_parked:330225")[-1]
    assert (entry.name, entry.actor) == ("vision.threshold-published", worker.ref)
    assert "负责人" in entry.sentence


def test_a_second_round_says_nothing_twice(history, worker, now):
    commands.recalibrate(actor=worker, now=now)

    assert commands.recalibrate(actor=worker, now=now) == 0
    assert len(held()) == 2


def test_it_runs_once_a_day(history, worker, now):
    commands.recalibrate_if_due(actor=worker, now=now)

    assert commands.recalibrate_if_due(actor=worker, now=now + timedelta(hours=23)) == 0


def test_permits_duplicates_and_zones_move_no_threshold(history, worker, now):
    Finding.objects.filter(state="rejected").update(reason="permitted")

    commands.recalibrate(actor=worker, now=now)

    assert held() == []


def test_a_person_accepts_and_answers(history, worker, lead, now):
    commands.recalibrate(actor=worker, now=now)
    proposal = Threshold.objects.get(camera__isnull=True)

    commands.accept_threshold(proposal.pk, actor=lead, now=now)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("published", lead.ref)
    with pytest.raises(ProposalOver):
        commands.accept_threshold(proposal.pk, actor=lead, now=now)


def test_a_declined_proposal_is_not_made_again(history, worker, lead, now):
    commands.recalibrate(actor=worker, now=now)
    proposal = Threshold.objects.get(camera__isnull=True)

    with pytest.raises(InvalidInput):
        commands.decline_threshold(proposal.pk, reason=" ", actor=lead, now=now)
    commands.decline_threshold(proposal.pk, reason="夜间画面待查", actor=lead, now=now)
    commands.recalibrate(actor=worker, now=now + timedelta(days=1))

    assert [row[2] for row in held() if not row[0]] == ["declined"]


def test_a_reviewer_and_a_stranger_move_nothing(history, worker, jiang_lina, chen_jing, now):
    commands.recalibrate(actor=worker, now=now)
    proposal = Threshold.objects.get(camera__isnull=True)

    with pytest.raises(Exception, match="采纳"):
        commands.accept_threshold(proposal.pk, actor=jiang_lina, now=now)
    with pytest.raises(NotVisible):
        commands.accept_threshold(proposal.pk, actor=chen_jing, now=now)

    assert {state for _, _, state in held()} == {"proposed"}


def test_a_threshold_outside_the_limits_is_refused(camera, lead, now):
    with pytest.raises(OutsideLimits):
        commands.set_threshold(KIND, value=0.2, why="放宽", actor=lead, now=now)

    assert held() == []


def test_taking_back_is_a_new_version_with_the_old_value(camera, lead, now):
    commands.set_threshold(KIND, value=0.5, why="先试", actor=lead, now=now)
    commands.set_threshold(KIND, value=0.7, why="再严", actor=lead, now=now)

    commands.take_back_threshold(KIND, reason="漏报太多", actor=lead, now=now)

    rows = Threshold.objects.order_by("version").values_list("version", "value", "previous")
    assert list(rows) == [(1, 0.5, None), (2, 0.7, 0.5), (3, 0.5, 0.7)]


def test_nothing_published_is_nothing_to_take_back(camera, lead, now):
    with pytest.raises(NothingToTakeBack):
        commands.take_back_threshold(KIND, reason="试试", actor=lead, now=now)


def test_an_older_workers_low_finding_is_parked_and_may_be_brought_up(
    camera, pending, lead, jiang_lina, now
):
    commands.set_threshold(KIND, value=0.8, why="夜间误报", actor=lead, now=now)
    key = pending("F-parked", score=0.5)

    assert Finding.objects.get(pk=key).state == FindingState.PARKED
    commands.bring_up_finding(key, actor=jiang_lina, now=now)

    row = Finding.objects.get(pk=key)
    assert (row.state, row.was_parked, row.threshold) == ("pending", True, 0.8)
    names = [entry.name for entry in audit.history(row.subject)]
    assert names[-1] == "vision.finding-brought-up"


def test_a_share_below_the_threshold_is_shown_and_marked(camera, worker, lead, now):
    draft = replace(POLICY, exploration_share=0.5, is_automatic=False)
    commands.publish_score_policy(draft, actor=lead, now=now)
    commands.set_threshold(KIND, value=0.8, why="夜间误报", actor=lead, now=now)
    for number in range(20):
        message = incoming(now, f"E-{number}", score=0.5, evidence=())
        commands.record_finding(message, actor=worker, now=now)

    shown = Finding.objects.filter(state=FindingState.PENDING)

    assert 4 <= shown.count() <= 16
    assert set(shown.values_list("explored", "shown_share")) == {("server", 0.5)}


def test_what_the_worker_drew_is_not_drawn_again(camera, worker, lead, now):
    commands.set_threshold(KIND, value=0.8, why="夜间误报", actor=lead, now=now)
    message = incoming(now, "W-1", score=0.5, explored=True, evidence=())

    commands.record_finding(message, actor=worker, now=now)

    row = Finding.objects.get()
    assert (row.state, row.explored, row.shown_share) == ("pending", "worker", 0.05)


def test_the_worker_that_can_explore_reads_thresholds_in_its_rules(camera, lead, worker, now):
    commands.set_threshold(KIND, value=0.7, why="夜间误报", camera="C001", actor=lead, now=now)

    (plain,) = worker_cameras(worker)
    (able,) = worker_cameras(worker, explores=True)

    assert "min_score" not in plain["zones"][0]["rules"][0]
    rule = able["zones"][0]["rules"][0]
    assert (rule["min_score"], rule["explore_share"], rule["explore_from"]) == (0.7, 0.05, 0.0)


def test_every_number_of_the_page_is_the_length_of_its_list(history, worker, lead, now):
    commands.recalibrate(actor=worker, now=now)

    seen = calibration_detail(lead, KIND, now=now, camera="C001")

    for item in seen.points:
        assert matching(lead, from_query(item.drill)).count() == item.point.verdicts
        assert matching(lead, from_query(item.drill_true)).count() == item.point.true
    for reason in seen.reasons:
        assert matching(lead, from_query(reason.drill)).count() == reason.count
    (row,) = calibration_page(lead, now=now, show="county").rows
    for word, count in (("true", row.true), ("false", row.false), ("apart", row.apart)):
        assert matching(lead, from_query({**row.drill, "learned": word})).count() == count


def test_drift_is_raised_once_and_ended(history, worker, now):
    Finding.objects.filter(score__gt=0.5).update(state="rejected", reason="light")

    commands.recalibrate(actor=worker, now=now)
    commands.recalibrate(actor=worker, now=now)
    assert DriftAlarm.objects.count() == 1

    Finding.objects.update(state="confirmed", reason="")
    commands.recalibrate(actor=worker, now=now)
    alarm = DriftAlarm.objects.get()
    assert alarm.what == "precision"
    assert alarm.ended_at == now


def test_what_one_round_raises_is_told_at_once(history, worker, now):
    Finding.objects.filter(score__gt=0.5).update(state="rejected", reason="light")

    commands.recalibrate(actor=worker, now=now)
    commands.recalibrate(actor=worker, now=now + timedelta(days=1))

    (event,) = Event.objects.filter(name="vision.drifts-raised")
    assert event.subject == "thresholds:330225"
    assert json.loads(event.data) == {"count": 1, "text": "C001 机动车违停准确率低于目标"}


def test_a_policy_is_published_by_a_person_and_replaces_the_one_before(camera, lead, worker, now):
    first = commands.publish_score_policy(POLICY, actor=lead, now=now)

    with pytest.raises(InvalidInput):
        commands.publish_score_policy(POLICY, actor=worker, now=now)
    second = commands.publish_score_policy(POLICY, actor=lead, now=now)

    in_force = ScorePolicy.objects.filter(valid_to__isnull=True)
    assert list(in_force.values_list("pk", flat=True)) == [second]
    assert ScorePolicy.objects.filter(pk=first).exists()


def test_a_policy_with_crossed_limits_names_the_field(camera, lead, now):
    with pytest.raises(InvalidInput) as refused:
        commands.publish_score_policy(replace(POLICY, floor=0.9), actor=lead, now=now)

    assert refused.value.field == "floor"
