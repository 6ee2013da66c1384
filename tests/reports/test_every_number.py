"""Every number equals the length of the list that it opens."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from chengzhi.reports import queries
from chengzhi.reports.rules import midnight
from chengzhi.reports.types import Counts, Live, Number, PeriodName, Source
from chengzhi.vision import interface as vision
from chengzhi.vision.rules.drill import from_query
from chengzhi.workorders import interface as workorders
from chengzhi.workorders.commands import file, handle
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.types import Filters, State

CHINA = ZoneInfo("Asia/Shanghai")


def numbers(value: object) -> Iterator[Number]:
    """Yield every number of the page, however deep it lies."""
    if isinstance(value, Number):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from numbers(part)


def length_of_list(number: Number, actor, now) -> int:
    if number.source is Source.FINDINGS:
        return vision.findings(actor, from_query(number.filters)).count
    said = dict(number.filters)
    since, until = said.pop("since", ""), said.pop("until", "")
    wanted = Filters(
        measure=said.pop("measure"),
        channels=tuple(filter(None, [said.pop("channel", "")])),
        towns=tuple(filter(None, [said.pop("town", "")])),
        matter=said.pop("matter", ""),
        handler=said.pop("handler", ""),
        since=midnight(_day(since), zone=CHINA) if since else None,
        until=midnight(_day(until) + timedelta(days=1), zone=CHINA) if until else None,
    )
    assert said == {}
    return workorders.count(actor, wanted, now=now)


def _day(text: str) -> date:

    return date.fromisoformat(text)


def live(actor, now, period: str = "30d") -> Live:
    return queries.live(actor, period=period, now=now, zone=CHINA)


def test_every_number_is_the_length_of_its_list(spread, findings, zhao_qiang, now):
    spread(now)
    findings(now)

    shown = [n for name in PeriodName for n in numbers(live(zhao_qiang, now, name))]

    assert len(shown) > 500
    assert [n.value for n in shown] == [length_of_list(n, zhao_qiang, now) for n in shown]


def test_the_page_counts_what_happened(spread, findings, zhao_qiang, now):
    spread(now)
    findings(now)

    page = live(zhao_qiang, now, "year")

    total = page.total
    assert (total.reported.value, total.closed.value) == (18, 1)
    assert (total.open.value, total.overdue.value) == (14, 14)
    assert (total.on_time.value, total.late.value) == (1, 0)
    assert total.punctuality.value == 1.0
    assert [line.reported.value for line in page.towns] == [12, 5, 1]
    assert (page.capture.true.value, page.capture.reviewed.value) == (3, 4)
    assert page.capture.backlog.value == 2
    assert page.capture.rate.value == 0.75
    assert (round(page.capture.low, 4), round(page.capture.high, 4)) == (0.3006, 0.9544)


def test_the_parts_add_up_to_the_whole(spread, zhao_qiang, now):
    spread(now)

    pages = [live(zhao_qiang, now, name) for name in PeriodName]

    for page in pages:
        whole = [getattr(page.total, measure).value for measure in queries.MEASURES]
        assert (
            sums(page.sources)
            == sums(page.towns)
            == sums(page.matters)
            == sums(page.units)
            == whole
        )
        columns = sum(step.by_camera.value + step.by_others for step in page.steps)
        assert columns == page.total.reported.value
        assert sum(step.closed.value for step in page.steps) == page.total.closed.value


def sums(lines: tuple[Counts, ...]) -> list[int]:
    return [sum(getattr(line, measure).value for line in lines) for measure in queries.MEASURES]


def test_a_county_without_records_has_no_rates(county, zhao_qiang, now):
    page = live(zhao_qiang, now)

    assert page.total.punctuality.value is None
    assert page.capture.rate.value is None
    assert (page.capture.low, page.capture.high) == (None, None)
    assert page.towns == ()


def test_a_handler_sees_the_numbers_of_the_squad_only(spread, zhou_jian, zhao_qiang, now):
    spread(now)

    squad, whole = live(zhou_jian, now, "year"), live(zhao_qiang, now, "year")

    assert 0 < squad.total.reported.value < whole.total.reported.value
    assert [n.value for n in numbers(squad)] == [
        length_of_list(n, zhou_jian, now) for n in numbers(squad)
    ]


def test_another_district_sees_nothing(spread, findings, chen_jing, now):
    spread(now)
    findings(now)

    page = live(chen_jing, now, "year")

    assert {n.value for n in numbers(page)} == {0}


def test_pain_28_time_to_close_by_category_and_volume_by_department_open_their_lists(
    bring, zhao_qiang, now
):
    """uReport#397, #170: two reports that people had to ask for."""
    closed = bring(State.CLOSED, at=now - timedelta(days=2))
    WorkOrder.objects.filter(pk=closed.pk).update(ended_at=now - timedelta(days=1))
    bring(State.HANDLING, at=now - timedelta(hours=1))
    bring(at=now)

    page = live(zhao_qiang, now)

    by_matter = {line.key: line for line in page.matters}[closed.matter_code]
    by_unit = {line.key: line for line in page.units}
    assert (by_matter.mean_close, by_matter.closed.value) == (timedelta(days=1), 1)
    assert (by_unit["S01"].reported.value, by_unit[""].reported.value) == (2, 1)
    assert length_of_list(by_unit["S01"].reported, zhao_qiang, now) == 2
    assert length_of_list(by_unit[""].reported, zhao_qiang, now) == 1


def test_pain_30_the_filters_of_department_and_category_read_the_same_present_record(
    bring, wang_fang, zhao_qiang, now
):
    """Signalen/frontend#124: one filter used the routing, the other the first category."""
    order = bring(State.ACCEPTED)
    before = order.matter_code
    file.file(order.pk, condition_number=1, matter_code="06010", actor=wang_fang, now=now)
    handle.dispatch(order.pk, unit="S02", actor=wang_fang, now=now, reason="另派")
    bring(State.HANDLING)

    def kept(**filters: str) -> int:
        return workorders.count(zhao_qiang, Filters(**filters), now=now)

    assert (kept(matter="06010", handler="S02"), kept(matter=before, handler="S01")) == (1, 1)
    assert (kept(matter="06010", handler="S01"), kept(matter=before, handler="S02")) == (0, 0)
    page = live(zhao_qiang, now)
    for line in page.matters:
        each = [kept(matter=line.key, handler=unit.key or "-") for unit in page.units]
        assert sum(each) == line.reported.value
