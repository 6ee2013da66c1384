"""The mathematics of the thresholds: it rises, it shrinks, it stays within what was approved."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengzhi.vision.rules.calibration import (
    camera_shares,
    choose,
    county_shares,
    curve,
    rising,
    tallies,
)
from chengzhi.vision.rules.calibration_settings import calibration_settings
from chengzhi.vision.rules.drift import binomial_tail, cusum, drifts
from chengzhi.vision.rules.exploring import is_drawn, shown_as
from chengzhi.vision.rules.verdicts import of_the_detector
from chengzhi.vision.types import DriftKind, Explored, Limits, ScoredVerdict

GRID = (0.2, 0.4, 0.6, 0.8)
DAYS = 30.0
SETTINGS = calibration_settings(on=date(2026, 11, 25))
LIMITS = Limits(target=0.9, floor=0.3, ceiling=0.8, most_step=1.0, exploration_share=0.05)

verdicts = st.lists(
    st.builds(
        ScoredVerdict,
        score=st.floats(0.2, 0.99),
        is_true=st.booleans(),
        weight=st.sampled_from([1.0, 5.0, 20.0]),
        count=st.integers(1, 30),
    ),
    max_size=25,
)


def bins(said: list[ScoredVerdict]):
    return tallies(said, [(v.score, v.count * v.weight) for v in said], grid=GRID, days=DAYS)


def seen(own: list[ScoredVerdict], county: list[ScoredVerdict], *, prior: float = 30.0):
    return curve(bins(own), bins([*own, *county]), grid=GRID, prior_verdicts=prior)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 50)), max_size=30))
@settings(max_examples=25, deadline=None)
def test_pooled_values_never_fall_and_keep_their_mean(pairs):
    values, weights = [v for v, _ in pairs], [w for _, w in pairs]

    pooled = rising(values, weights)

    assert all(a <= b + 1e-12 for a, b in zip(pooled, pooled[1:], strict=False))
    before = sum(v * w for v, w in pairs)
    assert sum(p * w for p, w in zip(pooled, weights, strict=True)) == pytest.approx(before)


@given(verdicts, verdicts)
@settings(max_examples=25, deadline=None)
def test_expected_precision_never_falls_with_the_threshold(own, county):
    points = seen(own, county).points

    assert all(a.precision <= b.precision + 1e-9 for a, b in zip(points, points[1:], strict=False))
    assert all(0 <= p.low <= p.high <= 1 for p in points)


@given(verdicts, verdicts, st.none() | st.floats(0, 1), st.floats(0.01, 1.0))
@settings(max_examples=25, deadline=None)
def test_a_choice_never_leaves_the_approved_limits(own, county, current, step):
    limits = Limits(target=0.9, floor=0.3, ceiling=0.8, most_step=step, exploration_share=0.05)

    choice = choose(seen(own, county), limits, current=current, least=5)

    assert choice.value is None or 0.3 <= choice.value <= 0.8
    if choice.value is not None and current is not None and 0.3 <= current <= 0.8:
        assert abs(choice.value - current) <= step + 1e-4


@given(verdicts)
@settings(max_examples=20, deadline=None)
def test_a_camera_without_verdicts_goes_by_the_county(county):
    shares = camera_shares(bins([]), bins(county), prior_verdicts=30)

    assert shares == pytest.approx(county_shares(bins(county)))


def test_a_camera_with_many_verdicts_goes_by_its_own():
    own = [ScoredVerdict(score=0.65, is_true=False, count=3000)]
    county = [ScoredVerdict(score=0.65, is_true=True, count=5000)]

    shares = camera_shares(bins(own), bins(county), prior_verdicts=30)

    assert shares[2] < 0.05


def test_few_verdicts_choose_nothing_and_say_so():
    own = [ScoredVerdict(score=0.9, is_true=True, count=3)]

    choice = choose(seen(own, []), LIMITS, current=None, least=12)

    assert choice.value is None
    assert choice.why == "有效判定只有 3 件，不足 12 件，沿用现值"


def test_the_lowest_threshold_that_reaches_the_target_is_chosen():
    own = [
        ScoredVerdict(score=0.45, is_true=True, count=40),
        ScoredVerdict(score=0.45, is_true=False, count=160),
        ScoredVerdict(score=0.65, is_true=True, count=196),
        ScoredVerdict(score=0.65, is_true=False, count=4),
        ScoredVerdict(score=0.85, is_true=True, count=200),
    ]

    choice = choose(seen(own, []), LIMITS, current=None, least=12)

    assert choice.value == 0.6
    assert choice.reaches


def test_a_target_out_of_reach_stops_at_the_ceiling():
    own = [ScoredVerdict(score=s, is_true=False, count=50) for s in (0.45, 0.65, 0.85)]

    choice = choose(seen(own, []), LIMITS, current=None, least=12)

    assert choice.value == 0.8
    assert not choice.reaches
    assert choice.why.startswith("上限 0.80 内达不到目标 90%")


def test_an_explored_verdict_stands_for_those_that_were_not_shown():
    """Horvitz and Thompson: of 100 below the threshold five were shown, four of them false."""
    own = [
        ScoredVerdict(score=0.45, is_true=True, weight=20, count=1),
        ScoredVerdict(score=0.45, is_true=False, weight=20, count=4),
        ScoredVerdict(score=0.85, is_true=True, count=100),
    ]

    shares = county_shares(bins(own))

    assert shares[1] == pytest.approx(20 / 100, abs=0.02)
    assert seen(own, []).effective < 105


def test_the_draw_is_the_same_for_ever_and_keeps_its_share():
    drawn = [is_drawn(f"F-{n}", share=0.05) for n in range(4000)]

    assert drawn == [is_drawn(f"F-{n}", share=0.05) for n in range(4000)]
    assert 150 <= sum(drawn) <= 250


def test_what_a_higher_share_shows_a_lower_one_showed_too():
    names = [f"F-{n}" for n in range(500)]

    assert all(is_drawn(n, share=0.2) for n in names if is_drawn(n, share=0.05))


@pytest.mark.parametrize(
    ("score", "threshold", "share", "by_worker", "how"),
    [
        (0.5, None, 0.05, False, Explored.NO),
        (0.7, 0.6, 0.05, False, Explored.NO),
        (0.5, 0.6, 1.0, False, Explored.SERVER),
        (0.5, 0.6, 0.0, False, None),
        (0.5, 0.6, 0.0, True, Explored.WORKER),
    ],
)
def test_how_a_finding_comes_to_the_desk(score, threshold, share, by_worker, how):
    found = shown_as("F-1", score=score, threshold=threshold, share=share, by_worker=by_worker)

    assert found == how


def test_reasons_that_do_not_speak_against_the_detector_move_nothing():
    assert of_the_detector() == ["goods_inside", "light", "nothing", "person"]


def test_the_binomial_tail_is_exact():
    assert binomial_tail(0, 3, 0.5) == pytest.approx(0.125)
    assert binomial_tail(3, 3, 0.5) == pytest.approx(1.0)


def test_cusum_forgets_good_times_and_adds_up_bad_ones():
    assert cusum([True] * 50, good=0.9, bad=0.8) == 0
    assert cusum([True] * 50 + [False] * 8, good=0.9, bad=0.8) > 4


def test_precision_below_the_target_is_an_alarm():
    alarms = drifts([True] * 20 + [False] * 15, recent=5, before=20, target=0.9, settings=SETTINGS)

    assert [alarm.kind for alarm in alarms] == [DriftKind.PRECISION]
    assert alarms[0].text.startswith("最近 35 件判定只有 20 件属实（57%），目标 90%")


def test_a_jump_in_number_is_an_alarm_and_the_usual_is_none():
    jump = drifts([], recent=40, before=40, target=0.9, settings=SETTINGS)
    usual = drifts([True] * 45, recent=10, before=40, target=0.9, settings=SETTINGS)

    assert [alarm.kind for alarm in jump] == [DriftKind.VOLUME]
    assert usual == ()
