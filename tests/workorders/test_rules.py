"""Pure rules: near, who handles, how it is written, when it ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengzhi.kernel.clock import Duration, Unit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.types import Located
from chengzhi.workorders.rules import limits, words
from chengzhi.workorders.rules.nearby import lattice, lattice_around, metres_between
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.rules.routing import compile_book, suggest
from chengzhi.workorders.types import RoutingRow, Spot, Suggestion

AT = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
UNITS = {"S01": "丹东中队", "S02": "石浦中队", "D01": "环卫指导中心"}
HERE = Located(
    cell="330225001002017",
    grid="33022500107",
    town="330225001",
    community="330225001002",
    squad="S01",
)
NOWHERE = Located()


def rule(pk: int, unit: str, matter: str = "", area: str = "", kind: str = "") -> RoutingRow:
    return RoutingRow(id=pk, matter_prefix=matter, area_prefix=area, handler_kind=kind, unit=unit)


def handled_by(*rows: RoutingRow, place: Located = HERE, kind: str = "") -> str:
    return answer(*rows, place=place, kind=kind).unit


def answer(*rows: RoutingRow, place: Located = HERE, kind: str = "") -> Suggestion:
    spot = Spot(matter="09005", place=place, at=AT, handler_kind=kind)
    return suggest(compile_book(rows), spot, units=UNITS)


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([rule(1, "D01"), rule(2, "S02", matter="09")], "S02"),
        ([rule(1, "D01", matter="09"), rule(2, "S02", matter="09005")], "S02"),
        ([rule(1, "D01", matter="09"), rule(2, "S02", matter="09", area="330225001")], "S02"),
        ([rule(1, "D01", area="330225001"), rule(2, "S02", area="33022500107")], "S02"),
        ([rule(1, "D01"), rule(2, "S02", kind="squad")], "S02"),
        ([rule(1, "D01"), rule(2, "S02")], "D01"),
        ([rule(1, "D01", matter="06")], "S01"),
        ([rule(1, "D01", area="330225101")], "S01"),
        ([rule(1, "D01", kind="sanitation")], "S01"),
    ],
    ids=[
        "a matter beats any",
        "the longer matter",
        "then the area",
        "the smaller area",
        "then the kind",
        "then the older",
        "another matter: the grid's squad",
        "another town: the grid's squad",
        "another kind: the grid's squad",
    ],
)
def test_the_most_specific_rule_decides(rows, unit):
    assert handled_by(*rows, kind="squad") == unit
    assert handled_by(*reversed(rows), kind="squad") == unit


def test_the_reason_is_a_sentence_for_people():
    row = RoutingRow(
        id=3, matter_prefix="09", area_prefix="330225001", handler_kind="", unit="S02", note="夜市"
    )

    found = answer(row, kind="squad")

    assert found.unit_name == "石浦中队"
    assert found.reasons == (
        "因代码 09 开头的事项、在 330225001 范围内：派遣规则 3，由石浦中队处置（夜市）",
    )
    assert found.candidates == ("S02", "S01")


def test_a_rule_whose_unit_is_gone_is_passed_over_and_said():
    found = answer(rule(4, "S99"))

    assert found.unit == "S01"
    assert found.reasons == (
        "没有适用的派遣规则；点位在丹东中队的责任网格 33022500107",
        "派遣规则 4 指定的单位 S99 已撤销，未采用，请修改该规则",
    )


def test_no_answer_means_that_a_person_decides():
    found = answer(place=NOWHERE)

    assert (found.unit, found.candidates) == ("", ())
    assert found.reasons == (
        "没有适用的派遣规则，点位也不在任何中队的责任网格内，请人工选定处置单位",
    )


LON = st.floats(min_value=118, max_value=123)
LAT = st.floats(min_value=27, max_value=31)


@given(LON, LAT, st.floats(-0.0012, 0.0012), st.floats(-0.0012, 0.0012), st.integers(1, 90))
def test_whatever_is_within_reach_lies_in_a_cell_that_is_asked(lon, lat, east, north, metres):
    there = lon + east, lat + north

    if metres_between(lon, lat, *there) <= metres:
        assert lattice(*there) in lattice_around(lon, lat, metres=metres)


def test_a_circle_of_fifty_metres_touches_at_most_four_cells():
    assert len(lattice_around(121.879, 29.4772, metres=50)) in (1, 2, 4)


def test_a_degree_of_latitude_is_111_km():
    assert round(metres_between(121, 29, 121, 30)) == 111_195
    assert metres_between(121, 29, 121, 29) == 0


@pytest.mark.parametrize(
    ("typed", "serial"),
    [
        ("41732", 41732),
        ("城案〔2026〕41732", 41732),
        ("象城案〔2026〕00007", 7),
        ("(2026)41732", 41732),
        ("靖南大街126号", None),
        ("", None),
    ],
)
def test_a_typed_number_is_read(typed, serial):
    assert words.serial_in(typed) == serial


NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "warn", "text", "tone"),
    [
        (None, None, "—", "idle"),
        (timedelta(minutes=9), -timedelta(minutes=1), "剩 0:09", "warn"),
        (timedelta(hours=2, minutes=5), timedelta(hours=1), "剩 2:05", "ok"),
        (timedelta(days=1, hours=3), timedelta(hours=1), "剩 1 天 3 小时", "ok"),
        (-timedelta(minutes=14), -timedelta(minutes=20), "超期 0:14", "bad"),
        (timedelta(0), None, "超期 0:00", "bad"),
    ],
)
def test_what_is_left_is_said_in_words_and_tone(due, warn, text, tone):
    def at(step):
        return None if step is None else NOW + step

    assert words.left(at(due), at(warn), now=NOW) == (text, tone)


def test_names_and_numbers_are_masked():
    assert words.masked_phone("13800005678") == "138****5678"
    assert words.masked_phone("12345") == "*****"
    assert words.masked_phone("") == ""
    assert words.masked_name("王大明") == "王**"
    assert words.masked_name("") == ""


def test_a_moment_is_written_in_the_citys_time():
    assert words.moment_text(NOW) == "11-25 10:30"
    assert words.moment_text(None) == "—"


def test_an_urgent_matter_has_urgent_stages_even_before_filing():
    on = date(2026, 11, 25)

    assert limits.likely_limit("01001", on=on) == Duration(2, Unit.URGENT_HOUR)
    assert limits.likely_limit("06010", on=on) is None
    assert limits.likely_limit("00000", on=on) is None


def test_a_matter_that_is_not_in_force_is_no_matter():
    with pytest.raises(InvalidInput) as refused:
        limits.matter_name("09005", on=date(2020, 1, 1))

    assert refused.value.field == "matter_code"


def test_an_unknown_channel_is_verified():
    assert limits.needs_verification("pigeon", on=date(2026, 11, 25))


def test_the_local_parameters_are_those_of_the_file():
    local = parameters()

    assert (local.duplicate_metres, local.duplicate_window) == (50, timedelta(hours=24))
    assert (local.history_metres, local.history_window) == (50, timedelta(days=90))
