"""Who sees what, the queue, the history of a spot, and figures equal to their lists."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from chengzhi.accounts.types import Role
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import NotVisible
from chengzhi.vision import commands, interface, invariants
from chengzhi.vision.models import Camera, ExpectedFile, Finding
from chengzhi.vision.queries.accuracy import accuracy, accuracy_by
from chengzhi.vision.queries.cameras import camera_page, last_30_days
from chengzhi.vision.queries.desk import desk, queue
from chengzhi.vision.queries.findings import PAGE, matching, page
from chengzhi.vision.rules.drill import from_query
from chengzhi.vision.types import FindingFilter, FindingKind
from tests.conftest import DANDONG, actor
from tests.vision.conftest import SHADES, digest, picture


def test_a_stranger_sees_nothing(pending, chen_jing, now):
    finding = pending()
    sha256 = digest(picture(SHADES[0]))

    assert page(chen_jing, FindingFilter()).count == 0
    assert camera_page(chen_jing, now=now).count == 0
    assert desk(chen_jing, now=now).finding is None
    assert desk(chen_jing, now=now).strip.pending == 0
    with pytest.raises(NotVisible):
        interface.finding(chen_jing, finding, now=now)
    with pytest.raises(NotVisible):
        evidence.read(chen_jing, sha256, variant="published", now=now)


def test_pictures_are_seen_by_those_who_see_the_finding(pending, jiang_lina, now):
    pending()

    content, media_type = evidence.read(
        jiang_lina, digest(picture(SHADES[0])), variant="published", now=now
    )

    assert media_type.startswith("image/")
    assert content


def test_scopes_reach_as_far_as_their_roles(pending, li_ming, zhao_qiang, zhou_jian, now):
    pending()
    town_officer = actor("person:7", "吴敏", Role.TOWN_OFFICER, division=DANDONG)
    nobody = actor("person:8", "无岗位")

    def count(person) -> int:
        return page(person, FindingFilter()).count

    assert [count(p) for p in (zhao_qiang, li_ming, nobody, zhou_jian)] == [1, 0, 0, 0]
    Camera.objects.update(division=DANDONG, squad="S01")
    assert [count(p) for p in (town_officer, zhou_jian)] == [1, 1]
    assert count(replace(town_officer, division="330225002")) == 0
    assert count(replace(zhou_jian, unit="S02")) == 0


def test_the_queue_has_urgent_kinds_first_and_then_the_oldest(pending, jiang_lina, now):
    goods = pending("F-1", kind=FindingKind.OBJECT_LEFT)
    car = pending("F-2")
    dog = pending("F-3", kind=FindingKind.DOG_UNATTENDED)

    assert [row.pk for row in queue(jiang_lina, now=now)] == [dog, car, goods]


def test_the_desk_walks_the_queue_and_comes_round(pending, jiang_lina, now):
    keys = [pending(f"F-{number}") for number in range(3)]

    head = desk(jiang_lina, now=now)
    second = desk(jiang_lina, now=now, after=keys[0])
    around = desk(jiang_lina, now=now, after=keys[2])

    assert (head.finding.row.id, head.position, head.next_id) == (keys[0], 1, keys[1])
    assert [file.sha256 for file in head.preload] == [digest(picture(s)) for s in SHADES]
    assert (second.finding.row.id, second.position) == (keys[1], 2)
    assert around.finding.row.id == keys[0]


def test_the_desk_goes_on_to_the_announced_finding_if_it_still_waits(
    pending, jiang_lina, wang_fang, now
):
    keys = [pending(f"F-{number}") for number in range(3)]
    commands.confirm_finding(keys[1], actor=wang_fang, now=now)

    assert desk(jiang_lina, now=now, then=keys[2]).finding.row.id == keys[2]
    assert desk(jiang_lina, now=now, then=keys[1]).finding.row.id == keys[0]


def test_a_single_finding_has_no_next(pending, jiang_lina, now):
    pending()

    assert desk(jiang_lina, now=now).next_id is None


def test_the_strip_counts_today_and_names_the_oldest_wait(pending, jiang_lina, now):
    keys = [pending(f"F-{number}") for number in range(4)]
    commands.confirm_finding(keys[0], actor=jiang_lina, now=now)
    commands.reject_finding(keys[1], reason="light", actor=jiang_lina, now=now)
    commands.merge_finding(
        keys[2], work_order="workorder:1", work_order_code="1", actor=jiang_lina, now=now
    )

    strip = desk(jiang_lina, now=now + timedelta(minutes=7)).strip

    assert (strip.pending, strip.oldest_wait_s) == (1, 420)
    assert (strip.confirmed_today, strip.rejected_today, strip.merged_today) == (1, 1, 1)
    assert (strip.overall.true, strip.overall.reviewed, strip.reviewed_today) == (2, 3, 3)
    assert (strip.here.true, strip.here.reviewed) == (2, 3)


def test_only_my_own_last_decision_is_offered_for_undo(pending, jiang_lina, wang_fang, now):
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=now)

    assert desk(jiang_lina, now=now).previous.id == finding
    assert desk(wang_fang, now=now).previous is None
    assert desk(jiang_lina, now=now + timedelta(minutes=11)).previous is None


def test_the_history_of_a_spot_reaches_thirty_metres_and_thirty_days(
    pending, draft, administrator, worker, jiang_lina, now
):
    near, far = replace(draft, lat=draft.lat + 0.0002), replace(draft, lat=draft.lat + 0.0004)
    commands.register_camera("C002", near, actor=administrator, now=now)
    commands.register_camera("C003", far, actor=administrator, now=now)
    old = pending("F-old")
    Finding.objects.filter(pk=old).update(received_at=now - timedelta(days=31))
    pending("F-far", camera="C003")
    pending("F-other", kind=FindingKind.OBJECT_LEFT)
    neighbour = pending("F-near", camera="C002")
    here = pending("F-here")

    seen = desk(jiang_lina, now=now, finding=here)

    assert [row.id for row in seen.history] == [neighbour]


@pytest.fixture
def decided(pending, jiang_lina, wang_fang, draft, administrator, now):
    """Eleven findings on two cameras: 6 confirmed, 1 merged, 2 rejected, 2 waiting."""
    commands.register_camera("C002", draft, actor=administrator, now=now)
    who = {"actor": jiang_lina, "now": now}
    for number in range(11):
        kind = FindingKind.OBJECT_LEFT if number % 2 else FindingKind.MOTOR_VEHICLE_PARKED
        finding = pending(f"F-{number}", camera=("C001", "C002")[number % 3 == 0], kind=kind)
        if number < 6:
            commands.confirm_finding(finding, **who)
        elif number == 6:
            commands.merge_finding(finding, work_order="workorder:1", work_order_code="1", **who)
        elif number < 9:
            commands.reject_finding(finding, reason="light", **who)


def test_accuracy_counts_merged_as_true_and_leaves_the_waiting_out(decided, jiang_lina, now):
    figure = accuracy(jiang_lina, last_30_days(now))

    assert (figure.true, figure.false, figure.backlog, figure.reviewed) == (7, 2, 2, 9)
    assert figure.rate == pytest.approx(7 / 9)
    assert (figure.low, figure.high) == pytest.approx((0.4526, 0.9368), abs=5e-5)


@pytest.mark.parametrize("by", ["camera", "kind", "town"])
def test_every_figure_equals_the_length_of_its_list(decided, jiang_lina, now, by):
    figures = accuracy_by(jiang_lina, last_30_days(now), by=by)

    assert sum(figure.reviewed for figure in figures) == 9
    assert sum(figure.backlog for figure in figures) == 2
    for figure in figures:
        listed = page(jiang_lina, from_query(figure.drill))
        true = page(jiang_lina, from_query({**figure.drill, "state": "true"}))
        false = page(jiang_lina, from_query({**figure.drill, "state": "rejected"}))
        assert (listed.count, true.count, false.count) == (
            figure.reviewed,
            figure.true,
            figure.false,
        )


def test_the_door_for_reports_gives_the_same_figures(decided, zhao_qiang, now):
    today = timezone.localdate(now)

    whole = interface.capture_accuracy(zhao_qiang, first=today, last=today)
    parts = interface.capture_accuracy_by(zhao_qiang, by="kind", first=today, last=today)
    before = interface.capture_accuracy(
        zhao_qiang, first=today - timedelta(days=9), last=today - timedelta(days=1)
    )

    assert (whole.true, whole.reviewed) == (7, 9)
    assert [(part.key, part.reviewed) for part in parts] == [
        ("motor_vehicle_parked", 5),
        ("object_left", 4),
    ]
    assert (before.reviewed, before.rate, before.low) == (0, None, None)


def test_days_are_those_of_the_county_not_of_greenwich(pending, jiang_lina, now):
    late = now.replace(hour=16, minute=30)  # half past midnight of the 26th in Xiangshan
    finding = pending()
    commands.confirm_finding(finding, actor=jiang_lina, now=late)
    day = timezone.localdate(late)

    assert day.day == 26
    assert accuracy(jiang_lina, FindingFilter(decided_from=day, decided_to=day)).reviewed == 1
    yesterday = day - timedelta(days=1)
    only = FindingFilter(decided_from=yesterday, decided_to=yesterday)
    assert accuracy(jiang_lina, only).reviewed == 0


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (FindingFilter(state="pending"), 2),
        (FindingFilter(state="rejected", reason="light"), 2),
        (FindingFilter(camera="C002"), 4),
        (FindingFilter(kind="object_left"), 5),
        (FindingFilter(find="F-10"), 1),
        (FindingFilter(find="天安路"), 11),
        (FindingFilter(town="330225"), 11),
        (FindingFilter(state="true", camera="C001"), 4),
    ],
)
def test_filters_narrow_the_list(decided, jiang_lina, wanted, count):
    assert matching(jiang_lina, wanted).count() == count


def test_pages_by_key_show_every_row_once_in_both_directions(pending, jiang_lina, now):
    first = Finding.objects.get(pk=pending("F-0"))
    rows = []
    for number in range(1, PAGE + 5):
        first.pk, first.finding_id = None, f"F-{number}"
        rows.append(Finding(**{f.attname: getattr(first, f.attname) for f in Finding._meta.fields}))
    Finding.objects.bulk_create(rows)

    newest = page(jiang_lina, FindingFilter())
    older = page(jiang_lina, FindingFilter(), after=newest.next_key)
    back = page(jiang_lina, FindingFilter(), before=older.previous_key)

    assert (len(newest.rows), newest.count, newest.previous_key) == (PAGE, PAGE + 5, None)
    assert (len(older.rows), older.next_key) == (5, None)
    assert {r.id for r in newest.rows} | {r.id for r in older.rows} == set(
        Finding.objects.values_list("pk", flat=True)
    )
    assert [row.id for row in back.rows] == [row.id for row in newest.rows]


def test_cameras_page_by_code_in_both_directions(camera, draft, administrator, now, monkeypatch):
    monkeypatch.setattr("chengzhi.vision.queries.cameras.PAGE", 2)
    for code in ("C002", "C003"):
        commands.register_camera(code, draft, actor=administrator, now=now)

    head = camera_page(administrator, now=now)
    tail = camera_page(administrator, now=now, after=head.next_key)
    back = camera_page(administrator, now=now, before=tail.previous_key)

    assert [row.code for row in head.rows] == ["C001", "C002"]
    assert [row.code for row in tail.rows] == ["C003"]
    assert ([row.code for row in back.rows], back.previous_key) == (["C001", "C002"], "")


def test_the_rail_is_told_what_waits_and_for_too_long(pending, jiang_lina, now):
    pending()

    assert interface.waiting(jiang_lina, now) == (1, False)
    assert interface.waiting(jiang_lina, now + timedelta(minutes=31)) == (1, True)


def test_invariants_hold_and_are_missed_when_broken(decided):
    checks = (
        invariants.complete_findings_lack_no_file,
        invariants.nothing_ends_before_it_begins,
        invariants.every_decision_is_in_the_log,
    )

    assert [list(check()) for check in checks] == [[], [], []]
    ExpectedFile.objects.filter(finding__finding_id="F-1", position=0).update(arrived_at=None)
    odd = Finding.objects.get(finding_id="F-2")
    Finding.objects.filter(pk=odd.pk).update(started_at=odd.alarm_at + timedelta(seconds=1))
    Finding.objects.filter(finding_id="F-10").update(
        state="confirmed", decided_at=odd.decided_at, decided_by="person:5"
    )
    assert [len(list(check())) for check in checks] == [1, 1, 1]
