"""导出: short lists at once, long ones by the worker; only the owner fetches the file."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from chengzhi.accounts.models import Person
from chengzhi.audit.models import Event
from chengzhi.evidence.interface import open_store
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.commands import exports
from chengzhi.workorders.commands.exports import run_export
from chengzhi.workorders.models import ExportJob
from chengzhi.workorders.queries import lists
from chengzhi.workorders.queries.exports import HEAD, cells, own_exports
from chengzhi.workorders.rules import parameters as parameters_module
from chengzhi.workorders.rules.exports import ExportOver, TooManyExports, as_plain, from_plain
from chengzhi.workorders.types import Filters, State
from tests.workorders.conftest import LITTER, signed_in

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def store(tmp_path, settings):
    settings.CHENGZHI_EXPORTS = str(tmp_path / "exports")
    return open_store(settings.CHENGZHI_EXPORTS)


@pytest.fixture
def leader(county, zhao_qiang):
    return signed_in(3)


@pytest.fixture
def short(monkeypatch):
    """Let nothing be short enough to be answered at once."""
    known = parameters_module.parameters()
    kept = {**vars(known), "export_immediate": 1}
    monkeypatch.setattr("chengzhi.workorders.web.exports.parameters", lambda: type(known)(**kept))


def write(store, now, *, stop=lambda: False) -> bool:
    return run_export(store=store, clock=lambda: now, zone=ZONE, should_stop=stop)


def ask(actor, now, *, kind="csv", filters=None) -> int:
    return exports.ask_export(
        filters or Filters(), kind=kind, query="state=filed", actor=actor, now=now
    )


def test_the_worker_writes_what_was_asked_for_and_the_owner_fetches_it(
    bring, zhao_qiang, store, now
):
    kept = bring(State.FILED, matter_code=LITTER)
    bring(State.HANDLING)
    pk = ask(zhao_qiang, now, filters=Filters(states=("filed",)))

    assert write(store, now) is True

    key, size, kind = exports.fetch_export(pk, actor=zhao_qiang, now=now)
    rows = list(csv.reader(StringIO(store.get(key).decode("utf-8-sig"))))
    assert (tuple(rows[0]), [row[0] for row in rows[1:]]) == (HEAD, [kept.code])
    assert (size, kind) == (store.size(key), "csv")
    told = Event.objects.filter(subject=f"orderexport:{pk}").order_by("seq")
    assert list(told.values_list("name", flat=True)) == [
        "workorders.export-asked",
        "workorders.export-finished",
        "workorders.export-fetched",
    ]


def test_pain_33_an_export_carries_stable_codes_beside_names(bring, zhao_qiang, store, now):
    """A name is changed by whoever likes; what is joined on the code goes on working."""
    order = bring(State.HANDLING)
    pk = ask(zhao_qiang, now, kind="xlsx")

    write(store, now)

    job = ExportJob.objects.get(pk=pk)
    sheet = load_workbook(BytesIO(store.get(job.file))).active
    row = dict(
        zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True)
    )
    assert (row["状态代码"], row["状态"]) == ("handling", "处置中")
    assert (row["镇街代码"], row["镇街"]) == (order.town, "丹东街道")
    assert (row["处置单位代码"], row["处置单位"]) == ("S01", "丹东中队")
    assert (row["事项代码"], row["来源代码"]) == (order.matter_code, "collector")


def test_an_export_never_holds_who_reported(bring, zhao_qiang, store, now):
    bring(reporter_name="黄某", reporter_phone="10012345678")
    pk = ask(zhao_qiang, now)

    write(store, now)

    text = store.get(ExportJob.objects.get(pk=pk).file).decode()
    assert "黄某" not in text
    assert "10012345678" not in text


def test_a_long_export_is_read_in_batches_without_a_gap(bring, zhao_qiang, store, now, monkeypatch):
    monkeypatch.setattr(lists, "BATCH", 3)
    orders = [bring(at=now - timedelta(minutes=minute // 2)) for minute in range(8)]

    rows = list(lists.export(zhao_qiang, Filters(), now=now))

    wanted = sorted(orders, key=lambda order: (order.reported_at, order.pk), reverse=True)
    assert [row.id for row in rows] == [order.pk for order in wanted]


def test_a_cancelled_export_stops_at_the_next_batch(bring, zhao_qiang, store, now, monkeypatch):
    monkeypatch.setattr(lists, "BATCH", 1)
    for _ in range(3):
        bring()
    pk = ask(zhao_qiang, now)

    def cancelled_meanwhile() -> bool:
        if ExportJob.objects.filter(pk=pk, state="running").exists():
            exports.cancel_export(pk, actor=zhao_qiang, now=now)
        return False

    assert write(store, now, stop=cancelled_meanwhile) is True

    job = ExportJob.objects.get(pk=pk)
    assert (job.state, job.file) == ("cancelled", "")
    with pytest.raises(ExportOver):
        exports.fetch_export(pk, actor=zhao_qiang, now=now)


def test_a_worker_that_is_stopped_gives_the_export_back(bring, zhao_qiang, store, now, monkeypatch):
    monkeypatch.setattr(lists, "BATCH", 1)
    bring()
    pk = ask(zhao_qiang, now)

    write(store, now, stop=lambda: True)
    assert ExportJob.objects.get(pk=pk).state == "waiting"

    write(store, now)
    assert ExportJob.objects.get(pk=pk).state == "done"


def test_another_worker_takes_over_what_a_dead_one_left(bring, zhao_qiang, store, now):
    bring()
    pk = ask(zhao_qiang, now)
    ExportJob.objects.filter(pk=pk).update(
        state="running", claimed_by="dead", claimed_until=now + timedelta(seconds=60)
    )

    assert write(store, now) is False
    assert write(store, now + timedelta(seconds=61)) is True

    assert ExportJob.objects.get(pk=pk).state == "done"


def test_an_export_that_kills_its_worker_each_time_is_given_up(zhao_qiang, county, store, now):
    pk = ask(zhao_qiang, now)
    ExportJob.objects.filter(pk=pk).update(attempts=3)

    write(store, now)

    job = ExportJob.objects.get(pk=pk)
    assert (job.state, "多次中断" in job.failure) == ("failed", True)


def test_who_has_left_gets_no_file(bring, zhao_qiang, store, now):
    bring()
    pk = ask(zhao_qiang, now)
    Person.objects.filter(pk=3).update(is_active=False)

    write(store, now)

    job = ExportJob.objects.get(pk=pk)
    assert (job.state, job.file) == ("failed", "")


def test_nobody_else_sees_or_fetches_an_export(bring, zhao_qiang, wang_fang, store, now):
    bring()
    pk = ask(zhao_qiang, now)
    write(store, now)

    with pytest.raises(NotVisible):
        exports.fetch_export(pk, actor=wang_fang, now=now)
    with pytest.raises(NotVisible):
        exports.cancel_export(pk, actor=wang_fang, now=now)

    assert own_exports(wang_fang) == []
    assert ExportJob.objects.get(pk=pk).state == "done"


def test_one_person_has_three_exports_under_way_at_most(county, zhao_qiang, now):
    for _ in range(3):
        ask(zhao_qiang, now)

    with pytest.raises(TooManyExports):
        ask(zhao_qiang, now)

    assert ExportJob.objects.count() == 3


def test_a_file_goes_when_its_days_are_over(bring, zhao_qiang, store, now):
    bring()
    pk = ask(zhao_qiang, now)
    write(store, now)
    key = ExportJob.objects.get(pk=pk).file

    assert exports.expire_exports(store=store, now=now + timedelta(days=6)) == 0
    assert exports.expire_exports(store=store, now=now + timedelta(days=7)) == 1

    assert store.size(key) is None
    assert own_exports(zhao_qiang)[0].state_label == "已过期"


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(states=("filed", "closed"), towns=("330225001",), overdue=True, rework_from=2),
        Filters(text="渔港", matter="06", measure="on_time", keys=(1, 2)),
    ],
)
def test_filters_come_back_as_they_were(filters, now):
    assert from_plain(as_plain(filters)) == filters


def test_a_period_comes_back_as_it_was(now):
    filters = Filters(since=now - timedelta(days=3), until=now)

    assert from_plain(as_plain(filters)) == filters


def test_filters_that_the_software_no_longer_knows_are_refused():
    with pytest.raises(ExportOver, match="color"):
        from_plain({"color": "red"})


def test_a_short_list_is_answered_at_once_and_leaves_its_trace(bring, leader):
    order = bring()

    answer = leader.get(reverse("workorder-list"), {"export": "csv"})

    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [line.split(",")[0] for line in content.splitlines()] == ["编号", order.code]
    assert Event.objects.filter(name="workorders.list-exported").count() == 1


def test_a_long_list_is_asked_for_and_written_in_the_background(bring, leader, short, store, now):
    for _ in range(2):
        bring()

    answer = leader.get(reverse("workorder-list"), {"export": "xlsx", "town": "330225001"})
    page = leader.get(answer["Location"])
    asked = leader.post(
        reverse("workorder-export-ask"), {"kind": "xlsx", "query": "town=330225001"}, follow=True
    )

    assert "在后台生成" in page.content.decode()
    assert "排队中" in asked.content.decode()
    assert 'hx-trigger="every 2s"' in asked.content.decode()
    write(store, now)
    done = leader.get(reverse("workorder-exports"))
    assert "every 2s" not in done.content.decode()
    file = leader.get(reverse("workorder-export-file", args=[ExportJob.objects.get().pk]))
    assert b"".join(file.streaming_content)[:2] == b"PK"


def test_who_may_not_export_is_refused(bring, handler, store):
    bring()

    assert handler.get(reverse("workorder-exports")).status_code == 403
    assert handler.post(reverse("workorder-export-ask"), {"kind": "csv"}).status_code == 403

    assert not ExportJob.objects.exists()


@pytest.mark.parametrize("count", [2, 9])
def test_pain_19_an_export_asks_for_batches_and_never_for_each_row(
    bring, zhao_qiang, now, count, django_assert_num_queries, monkeypatch
):
    """Whatever the number of rows of a batch, one question fetches them all, names included."""
    for _ in range(count):
        bring(State.HANDLING)
    list(lists.export(zhao_qiang, Filters(), now=now))

    with django_assert_num_queries(1):
        rows = list(cells(lists.export(zhao_qiang, Filters(), now=now)))

    assert len(rows) == count
