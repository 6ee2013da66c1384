"""Rules of accuracy, review, place and wording, without a database."""

from datetime import timedelta

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules.accuracy import wilson
from chengzhi.vision.rules.drill import as_query, from_query
from chengzhi.vision.rules.evidence import attached_as, is_side, role_label, still_moments
from chengzhi.vision.rules.health import grown, read_state
from chengzhi.vision.rules.review import priority_of, reviewable_at
from chengzhi.vision.rules.space import area, box_around, metres_between, outside
from chengzhi.vision.rules.verdicts import read_note, read_reason, reasons
from chengzhi.vision.rules.wording import clock_text, duration_text, rule_text
from chengzhi.vision.types import CameraState, FindingFilter, FindingKind, RuleSpec
from tests.vision.conftest import POLYGON


@pytest.mark.parametrize(
    ("true", "reviewed", "low", "high"),
    [
        # The two intervals that the mock-up of the review desk prints to three digits.
        (881, 1124, 0.7588, 0.8069),
        (37, 41, 0.7745, 0.9614),
        # video_analytics.md §0.3: of 12 in 16 the lower bound is only 0.51.
        (12, 16, 0.5050, 0.8982),
        # Newcombe 1998, Stat. Med. 17:857, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_interval_agrees_with_published_values(true, reviewed, low, high):
    interval = wilson(true, reviewed)

    assert interval == pytest.approx((low, high), abs=5e-5)


def test_nothing_reviewed_has_no_interval():
    assert wilson(0, 0) is None


def test_a_finding_with_all_files_may_be_reviewed_at_once_and_else_after_five_minutes(now):
    late = now + timedelta(hours=1)

    assert reviewable_at(received_at=now, now=now, is_complete=True) == now
    assert reviewable_at(received_at=now, now=now, is_complete=False) == now + timedelta(minutes=5)
    assert reviewable_at(received_at=now, now=late, is_complete=True) == now + timedelta(minutes=5)


def test_a_dog_comes_before_a_car_and_a_car_before_goods():
    kinds = (FindingKind.DOG_UNATTENDED, FindingKind.MOTOR_VEHICLE_PARKED)

    assert [priority_of(kind) for kind in (*kinds, FindingKind.GOODS_ON_PAVEMENT)] == [2, 1, 0]


def test_a_thousandth_of_a_degree_is_111_metres_of_latitude_and_97_of_longitude_here():
    assert metres_between(121.879, 29.4772, 121.879, 29.4782) == pytest.approx(111.2, abs=0.1)
    assert metres_between(121.879, 29.4772, 121.880, 29.4772) == pytest.approx(96.8, abs=0.1)


def test_the_box_around_a_point_holds_its_circle():
    west, south, east, north = box_around(121.879, 29.4772, metres=30)

    assert metres_between(121.879, 29.4772, east, 29.4772) == pytest.approx(30, rel=1e-3)
    assert metres_between(121.879, 29.4772, 121.879, north) == pytest.approx(30, rel=1e-3)
    assert (west + east) / 2 == pytest.approx(121.879)
    assert (south + north) / 2 == pytest.approx(29.4772)


def test_area_and_edges_of_a_polygon():
    assert area(POLYGON) == 80 * 64
    assert not outside(POLYGON, 768, 576)
    assert outside(POLYGON, 700, 576)
    assert not outside(POLYGON, 0, 0)


def test_a_rule_reads_as_a_sentence():
    rule = RuleSpec(
        finding=FindingKind.MOTOR_VEHICLE_PARKED,
        dwell_s=1200,
        hours=("07:00-21:00",),
        weekdays=(1, 7),
    )

    assert rule_text(rule, zone="人行道 A") == "周一、日 07:00–21:00 停留 ≥ 20分，区域“人行道 A”"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0秒"), (45, "45秒"), (5400, "1小时30分"), (2968, "49分28秒")]
)
def test_a_dwell_in_words(seconds, text):
    assert duration_text(seconds) == text


def test_reasons_come_in_the_order_of_their_keys(now):
    shortcuts = [row.shortcut for row in reasons(on=now.date())]

    assert shortcuts == ["1", "2", "3", "4", "5", "6", "7", "8", "0"]


@pytest.mark.parametrize(
    ("code", "note", "field"), [("nonsense", "", "reason"), ("other", "", "note")]
)
def test_a_rejection_needs_a_known_reason_and_the_other_one_a_sentence(now, code, note, field):
    with pytest.raises(InvalidInput) as refused:
        read_reason(code, note=note, on=now.date())

    assert refused.value.field == field


def test_a_note_has_200_characters_at_most():
    with pytest.raises(InvalidInput, match="201字"):
        read_note("长" * 201)

    assert read_note("  短  ") == "短"


def test_a_filter_survives_its_query_string(now):
    wanted = FindingFilter(
        state="reviewed", camera="C001", kind="object_left", decided_from=now.date()
    )

    assert from_query(as_query(wanted)) == wanted


def test_a_malformed_date_is_named_with_its_label():
    with pytest.raises(InvalidInput, match="复核日期（起）“昨天”不是日期") as refused:
        from_query({"decided_from": "昨天"})

    assert refused.value.field == "decided_from"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ok", CameraState.RUNNING),
        ("covered", CameraState.BLIND),
        ("frozen", CameraState.BLIND),
        ("no_source", CameraState.RECONNECTING),
        ("starting", CameraState.RECONNECTING),
        ("failed", CameraState.FAILED),
        ("ended", CameraState.ENDED),
    ],
)
def test_the_workers_words_become_states(word, state):
    assert read_state(word) == state


def test_a_counter_that_fell_began_again_from_nought():
    assert grown(120, 100) == 20
    assert grown(15, 100) == 15


def test_files_are_attached_under_the_words_of_the_evidence_store():
    roles = ("first_seen", "published_confirmation", "clip", "unheard_of")

    assert [attached_as(role) for role in roles] == [
        "still_first",
        "still_confirm",
        "clip",
        "document",
    ]
    assert is_side(role="manifest", media_type="application/json")
    assert not is_side(role="clip", media_type="video/mp4")
    assert role_label("published_first_seen") == "首次发现（已遮挡）"
    assert role_label("unheard_of") == "unheard_of"


def test_the_manifest_says_when_each_still_was_taken(now):
    manifest = '{"stills_pts": {"first_seen": 10.0, "dwell_reached": 30.5, "confirmation": 34}}'

    moments = still_moments(manifest, alarm_at=now)

    assert moments == {
        "first_seen": now - timedelta(seconds=20.5),
        "dwell_reached": now,
        "confirmation": now + timedelta(seconds=3.5),
    }


@pytest.mark.parametrize("manifest", ["", "x", "[]", "{}", '{"stills_pts": {"first_seen": 1}}'])
def test_a_manifest_without_times_gives_none(now, manifest):
    assert still_moments(manifest, alarm_at=now) == {}


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0:00"), (0, "0:00"), (1200, "20:00"), (3723, "1:02:03")]
)
def test_a_dwell_on_a_stopwatch(seconds, text):
    assert clock_text(seconds) == text
