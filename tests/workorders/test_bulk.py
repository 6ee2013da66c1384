"""批量办理: every row by its own command, every refusal with its sentence, nothing half done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput
from chengzhi.workorders.commands import bulk
from chengzhi.workorders.models import BulkRun, WorkOrder
from chengzhi.workorders.queries import bulk as queries
from chengzhi.workorders.rules.bulk_file import read_tasks
from chengzhi.workorders.types import BulkTask, Details, State
from tests.workorders.conftest import text

pytestmark = pytest.mark.usefixtures("county")
LABELS = {name: deed.label for name, deed in bulk.BULK_DEEDS.items()}


def tasks(deed, *orders, **said):
    return [BulkTask(pk=o.pk, code=o.code, deed=deed, details=Details(**said)) for o in orders]


def states(*orders):
    return [WorkOrder.objects.get(pk=order.pk).state for order in orders]


def test_one_refused_row_leaves_the_others_done(bring, wang_fang, now):
    good, ended, other = bring(), bring(State.CLOSED), bring()

    run = bulk.do_many(tasks("accept", good, ended, other), title="受理", actor=wang_fang, now=now)

    result = queries.run(wang_fang, run)
    assert [line.pk for line in result.done] == [good.pk, other.pk]
    assert [line.pk for line in result.refused] == [ended.pk]
    assert "不能“受理”" in result.refused[0].sentence
    assert states(good, ended, other) == [State.ACCEPTED, State.CLOSED, State.ACCEPTED]


@pytest.mark.parametrize(
    ("state", "deed", "said", "then"),
    [
        (State.REPORTED, "accept", {}, State.ACCEPTED),
        (State.REPORTED, "reject", {"reason": "不属于"}, State.REJECTED),
        (State.ACCEPTED, "file", {}, State.FILED),
        (State.ACCEPTED, "void", {"reason": "误报"}, State.VOIDED),
        (State.FILED, "dispatch", {}, State.DISPATCHED),
        (State.FILED, "dispatch", {"unit": "D01"}, State.DISPATCHED),
        (State.HANDLING, "change-handler", {"unit": "D01", "reason": "属环卫"}, State.DISPATCHED),
        (State.HANDLING, "urge", {"reason": "请尽快处置"}, State.HANDLING),
        (State.TO_CHECK, "assign-check", {"assignee": "person:5"}, State.TO_CHECK),
        (State.CHECKED, "close", {}, State.CLOSED),
        (State.CLOSED, "comment", {"reason": "回访满意"}, State.CLOSED),
    ],
)
def test_every_deed_of_the_bar_does_what_its_button_does(
    bring, wang_fang, now, state, deed, said, then
):
    order = bring(state)

    run = bulk.do_many(tasks(deed, order, **said), title="x", actor=wang_fang, now=now)

    assert [line.sentence for line in queries.run(wang_fang, run).refused] == []
    assert states(order) == [then]


def test_a_squad_accepts_its_tasks_at_once(bring, zhou_jian, now):
    first, second = bring(State.DISPATCHED), bring(State.DISPATCHED)

    bulk.do_many(tasks("accept-task", first, second), title="x", actor=zhou_jian, now=now)

    assert states(first, second) == [State.HANDLING, State.HANDLING]


def test_every_done_row_is_in_the_log_under_the_person(bring, wang_fang, now, events):
    order = bring()

    bulk.do_many(tasks("accept", order), title="受理", actor=wang_fang, now=now)

    assert events(order)[-1] == "accepted"
    assert Event.objects.filter(subject=order.subject).last().actor == wang_fang.ref


def test_what_a_person_may_not_do_alone_they_may_not_do_in_bulk(bring, zhou_jian, now, snapshot):
    order = bring(State.HANDLING)
    before = snapshot()

    run = bulk.do_many(tasks("close", order), title="x", actor=zhou_jian, now=now)

    assert not queries.run(zhou_jian, run).done
    assert snapshot() == before


def test_a_stranger_is_told_that_there_is_no_such_work_order(bring, chen_jing, now, snapshot):
    order = bring()
    before = snapshot()

    run = bulk.do_many(tasks("accept", order), title="x", actor=chen_jing, now=now)

    assert "没有这件案件" in queries.run(chen_jing, run).refused[0].sentence
    assert snapshot() == before


@pytest.mark.parametrize("count", [0, 501])
def test_none_or_too_many_are_refused(wang_fang, now, count, snapshot):
    wanted = [BulkTask(pk=1, code="1", deed="accept")] * count

    with pytest.raises(InvalidInput):
        bulk.do_many(wanted, title="x", actor=wang_fang, now=now)

    assert not BulkRun.objects.exists()


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(bring, wang_fang, now, snapshot):
    good, ended = bring(), bring(State.CLOSED)
    before = snapshot()

    lines = bulk.rehearse(tasks("accept", good, ended), actor=wang_fang, now=now)

    assert [line.is_done for line in lines] == [True, False]
    assert snapshot() == before


def test_the_bar_offers_what_a_role_does(wang_fang, zhou_jian):
    centre = {deed.name for deed in bulk.offered(wang_fang)}
    squad = {deed.name for deed in bulk.offered(zhou_jian)}

    assert {"accept", "file", "dispatch", "assign-check", "close"} <= centre
    assert squad == {"accept-task", "comment"}


# The pages.


def test_the_list_does_a_deed_on_chosen_rows_and_says_what_came_of_each(centre, bring, today):
    good, ended = bring(at=today), bring(State.CLOSED, at=today)

    answer = centre.post(
        "/work-orders/bulk/",
        {"deed": "accept", "id": [good.pk, ended.pk], "next": "/work-orders/?open=1"},
        follow=True,
    )

    page = text(answer)
    assert "办成 1 件，未办 1 件" in page
    assert good.code in page and ended.code in page
    assert "不能“受理”" in page
    assert 'href="/work-orders/?open=1"' in page


def test_all_that_the_filters_show_is_one_choice(centre, bring, today):
    shown = [bring(at=today) for _ in range(3)]
    other = bring(State.FILED, at=today)

    centre.post("/work-orders/bulk/", {"deed": "accept", "all": "1", "query": "state=reported"})

    assert states(*shown, other) == [*[State.ACCEPTED] * 3, State.FILED]


def test_refused_rows_are_tried_again(centre, bring, today, wang_fang):
    order = bring(State.ACCEPTED, at=today)
    run = bulk.do_many(tasks("dispatch", order), title="派遣", actor=wang_fang, now=today)
    bulk.do_many(tasks("file", order), title="立案", actor=wang_fang, now=today)

    page = text(centre.post(f"/work-orders/bulk/{run}/again/", follow=True))

    assert "办成 1 件，未办 0 件" in page
    assert states(order) == [State.DISPATCHED]


def test_nobody_reads_anothers_run(centre, handler, bring, wang_fang, now):
    run = bulk.do_many(tasks("accept", bring()), title="x", actor=wang_fang, now=now)

    assert centre.get(f"/work-orders/bulk/{run}/").status_code == 200
    assert handler.get(f"/work-orders/bulk/{run}/").status_code == 404
    assert handler.post(f"/work-orders/bulk/{run}/again/").status_code == 404


@pytest.mark.parametrize(
    "form", [{"deed": "fly"}, {"deed": "accept"}, {"deed": "accept", "id": "x"}]
)
def test_a_malformed_choice_is_refused(centre, form):
    assert centre.post("/work-orders/bulk/", form).status_code == 422


def upload(words: str, encoding: str = "utf-8-sig"):
    return SimpleUploadedFile("办理.csv", words.encode(encoding), content_type="text/csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_pain_37_statuses_are_changed_by_csv_after_a_preview_and_each_is_logged(
    centre, bring, today, events, encoding
):
    good, ended = bring(at=today), bring(State.CLOSED, at=today)
    words = f"编号,操作,原因\n{good.code},受理,\n{ended.pk},受理,\n,,\n9999,跳过,\n"

    preview = centre.post("/work-orders/bulk/file/", {"file": upload(words, encoding)})
    before = states(good)
    result = centre.post("/work-orders/bulk/file/", {"rows": preview.context["rows"]}, follow=True)

    page = text(preview)
    assert "预演：3 行，可以办理 1 行" in page
    assert "不认识操作“跳过”" in page
    assert before == [State.REPORTED]
    assert "办成 1 件，未办 0 件" in text(result)
    assert states(good) == [State.ACCEPTED]
    assert events(good)[-1] == "accepted"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "第一行应是表头"),
        ("甲,乙\n1,2", "第一行应是表头"),
        ("编号,操作\n,", "没有一行案件"),
        ("编号,操作\n" + "1,受理\n" * 501, "一次最多 500 行"),
    ],
)
def test_a_file_that_is_no_list_of_deeds_is_refused(words, said):
    with pytest.raises(InvalidInput, match=said):
        read_tasks(words.encode(), deeds=LABELS)


def test_a_file_keeps_reason_and_unit_of_each_line():
    found = read_tasks(
        "编号,操作,原因,处置单位\n象城案〔2026〕12,改派,属环卫,D01".encode(), deeds=LABELS
    )

    assert found == [
        BulkTask(
            pk=12,
            code="象城案〔2026〕12",
            deed="change-handler",
            details=Details(reason="属环卫", unit="D01"),
        )
    ]


def test_a_missing_file_and_a_stale_preview_are_refused(centre):
    assert centre.post("/work-orders/bulk/file/").status_code == 422
    assert centre.post("/work-orders/bulk/file/", {"rows": "{"}).status_code == 422
    assert centre.get("/work-orders/bulk/file/").status_code == 200
