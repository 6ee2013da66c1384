"""Pages as people meet them: desk, list, record, map, form, deeds, exports."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from chengzhi.accounts.models import Person
from chengzhi.audit.models import Event
from chengzhi.workorders.models import SavedView, WorkOrder
from chengzhi.workorders.types import Channel, State
from tests.workorders.conftest import HERE, LITTER, STALL

pytestmark = pytest.mark.usefixtures("county")


def signed_in(pk: int) -> Client:
    client = Client(raise_request_exception=True)
    person = Person.objects.get(pk=pk)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def centre(county) -> Client:
    return signed_in(2)


@pytest.fixture
def handler(county) -> Client:
    return signed_in(4)


@pytest.fixture
def stranger(county) -> Client:
    return signed_in(9)


@pytest.fixture
def today():
    return timezone.now()


def picture() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (32, 24), (9, 9, 9)).save(content, "JPEG")
    return SimpleUploadedFile("after.jpg", content.getvalue(), content_type="image/jpeg")


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("state", list(State))
def test_the_record_page_lives_in_every_state(centre, bring, today, state):
    order = bring(state, at=today, reporter_name="王大明", reporter_phone="13800005678")

    answer = centre.get(f"/work-orders/{order.pk}/")

    page = text(answer)
    assert answer.status_code == 200
    assert order.code in page
    assert "靖南大街126号" in page
    assert "13800005678" not in page
    assert "138****5678" in page
    assert "链完整" in page


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (State.REPORTED, "受理"),
        (State.TO_VERIFY, "登记核实结果"),
        (State.ACCEPTED, "立案"),
        (State.FILED, "派遣至 丹东中队"),
        (State.DISPATCHED, "等待接收任务"),
        (State.TO_CHECK, "登记核查结果"),
        (State.CHECKED, "结案"),
        (State.CLOSED, "已结案"),
    ],
)
def test_the_next_action_is_said(centre, bring, today, state, verb):
    order = bring(state, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert verb in page.split('id="next-verb"')[1].split("</h2>")[0]


def test_a_handler_sees_the_task_and_its_button(handler, bring, today):
    order = bring(State.DISPATCHED, at=today)

    page = text(handler.get(f"/work-orders/{order.pk}/"))

    assert f"/work-orders/{order.pk}/accept-task/" in page
    assert f"/work-orders/{order.pk}/return-task/" in page
    assert f"/work-orders/{order.pk}/change-handler/" not in page


def test_the_reason_for_the_suggestion_is_written_out(centre, bring, today):
    order = bring(State.FILED, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert "没有适用的派遣规则；点位在丹东中队的责任网格 33022500107" in page


def test_the_condition_rows_are_shown_at_the_moment_of_filing(centre, bring, today):
    order = bring(State.ACCEPTED, at=today, matter_code="01001")

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert page.count('name="condition"') == 4
    assert "缺失、移位、开裂，存在安全隐患的" in page
    assert "2 紧急工作时" in page


def test_a_refused_step_is_shown_with_its_reason(centre, bring, today):
    order = bring(at=today, channel=Channel.HOTLINE)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert "“热线”的问题须先到现场核实，请先派发核实" in page


def test_a_possible_duplicate_is_shown_before_the_dispatch(centre, bring, today):
    earlier, order = bring(at=today - timedelta(hours=1)), bring(at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    assert "可能重复" in page
    assert earlier.code in page


def test_before_and_after_lie_over_each_other(centre, bring, today, photograph, li_ming):
    order = bring(State.CLOSED, at=today, photos=(photograph(li_ming, "near"),))

    assert 'class="cmp"' in text(centre.get(f"/work-orders/{order.pk}/"))


def test_a_stranger_gets_the_same_page_for_what_is_there_and_what_is_not(stranger, bring, today):
    order = bring(at=today)

    answers = [stranger.get(f"/work-orders/{pk}/") for pk in (order.pk, 987654)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert order.address not in text(answers[0])


def test_the_desk_shows_the_most_urgent_record(centre, bring, today):
    bring(State.FILED, at=today)
    urgent = bring(at=today - timedelta(hours=1))

    page = text(centre.get("/desk/"))

    assert urgent.code in page.split('id="record"')[1]
    assert "超期 1" in page


def test_the_desk_swaps_record_and_side_only(centre, bring, today):
    first, second = bring(at=today), bring(at=today)

    answer = centre.get(f"/desk/?id={second.pk}", headers={"HX-Request": "true"})

    page = text(answer)
    assert "<html" not in page
    assert second.code in page
    assert f'value="{first.pk}"' in page  # the other is its possible duplicate
    assert 'hx-swap-oob="innerHTML"' in page


def test_the_desk_of_one_state(centre, bring, today):
    bring(at=today)
    filed = bring(State.FILED, at=today, matter_code=LITTER)

    page = text(centre.get("/desk/?state=filed"))

    queue = page.split("<ol data-list-keys")[1].split("</ol>")[0]
    assert queue.count("data-row") == 1
    assert filed.code in page


def test_an_empty_desk_says_so(stranger):
    assert "现在没有等您办的案件" in text(stranger.get("/desk/"))


DEEDS = [
    (State.REPORTED, "accept", {}, State.ACCEPTED, "已受理"),
    (State.REPORTED, "reject", {"reason": "不属于"}, State.REJECTED, "已不予受理"),
    (State.REPORTED, "ask-verify", {"assignee": "person:1"}, State.TO_VERIFY, "已派发核实"),
    (State.TO_VERIFY, "verification", {"result": "exists"}, State.ACCEPTED, "已登记核实结果"),
    (State.TO_VERIFY, "reassign-verification", {"assignee": "person:5"}, State.TO_VERIFY, "已改派"),
    (State.ACCEPTED, "file", {"condition": "1"}, State.FILED, "处置时限 2 紧急工作时"),
    (State.ACCEPTED, "void", {"reason": "误报"}, State.VOIDED, "已作废"),
    (State.FILED, "dispatch", {"unit": "S01"}, State.DISPATCHED, "已派遣"),
    (
        State.HANDLING,
        "change-handler",
        {"unit": "D01", "reason": "属环卫"},
        State.DISPATCHED,
        "已改派",
    ),
    (State.TO_CHECK, "assign-check", {"assignee": "person:5"}, State.TO_CHECK, "已派发核查"),
    (State.TO_CHECK, "check", {"result": "pass"}, State.CHECKED, "已登记核查结果"),
    (State.CHECKED, "close", {}, State.CLOSED, "已结案"),
    (State.CLOSED, "comment", {"text": "回访满意"}, State.CLOSED, "已添加记录"),
]


@pytest.mark.parametrize(
    ("state", "deed", "body", "then", "said"), DEEDS, ids=[deed for _, deed, *_ in DEEDS]
)
def test_a_button_does_its_deed_and_says_so(centre, bring, today, state, deed, body, then, said):
    order = bring(state, at=today)
    after = f"/work-orders/{order.pk}/"

    answer = centre.post(f"{after}{deed}/", {**body, "next": after})

    assert (answer.status_code, answer["Location"]) == (302, after)
    assert WorkOrder.objects.get(pk=order.pk).state == then
    assert said in str(next(iter(get_messages(answer.wsgi_request))))


def test_a_handler_takes_finishes_and_returns(handler, bring, today):
    task = bring(State.DISPATCHED, at=today)
    handler.post(f"/work-orders/{task.pk}/accept-task/")
    handler.post(f"/work-orders/{task.pk}/handling/", {"photos": picture(), "reason": "已收回"})
    other = bring(State.DISPATCHED, at=today)
    answer = handler.post(
        f"/work-orders/{other.pk}/return-task/",
        {"reason": "不属本队", "next": "https://elsewhere.example/"},
    )

    assert WorkOrder.objects.get(pk=task.pk).state == State.TO_CHECK
    assert WorkOrder.objects.get(pk=other.pk).state == State.FILED
    assert answer["Location"] == "/work-orders/"  # never to another site


def test_a_duplicate_is_merged_and_judged_apart_by_button(centre, bring, today):
    master, twin, third = (bring(at=today) for _ in range(3))

    centre.post(f"/work-orders/{twin.pk}/merge/", {"master": master.code})
    centre.post(f"/work-orders/{third.pk}/not-duplicate/", {"other": [master.pk]})

    assert WorkOrder.objects.get(pk=twin.pk).master_id == master.pk
    assert WorkOrder.objects.get(pk=third.pk).judged_apart == str(master.pk)


def test_a_file_is_attached_by_button(centre, bring, today):
    order = bring(at=today)

    centre.post(f"/work-orders/{order.pk}/attach/", {"photos": picture(), "role": "document"})

    assert Event.objects.filter(name="workorders.attached").count() == 1


def test_htmx_is_told_where_to_go(centre, bring, today):
    order = bring(at=today)

    answer = centre.post(
        f"/work-orders/{order.pk}/accept/", {"next": "/desk/"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/desk/")


def test_a_refusal_is_a_panel_with_the_sentence(centre, bring, today, snapshot):
    order = bring(State.HANDLING, at=today)
    before = snapshot()

    answer = centre.post(f"/work-orders/{order.pk}/close/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "data-refusal" in text(answer)
    assert "当前状态“处置中”不能“结案”" in text(answer)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("deed", "body", "status"),
    [
        ("check", {"result": "maybe"}, 422),
        ("file", {"condition": "x"}, 422),
        ("attach", {"role": "selfie"}, 422),
        ("no-such-deed", {}, 404),
    ],
)
def test_a_malformed_button_is_refused(centre, bring, today, deed, body, status):
    order = bring(at=today)

    assert centre.post(f"/work-orders/{order.pk}/{deed}/", body).status_code == status


def test_the_reporter_is_shown_to_whom_says_why(centre, bring, today):
    order = bring(at=today, reporter_name="王大明", reporter_phone="13800005678")

    answer = centre.post(f"/work-orders/{order.pk}/reporter/", {"reason": "回访"})

    assert "王大明 13800005678" in text(answer)
    assert Event.objects.filter(name="workorders.reporter-shown").count() == 1


def test_filters_survive_a_reload_because_they_are_in_the_address(centre, bring, today):
    bring(at=today)
    litter = bring(at=today, matter_code=LITTER)
    address = "/work-orders/?state=reported&matter=06&town=330225001&text=靖南"

    page = text(centre.get(address))

    assert page.count("<tr data-row>") == 1
    assert f">{litter.pk}</a>" in page
    assert "状态：待受理" in page
    assert "镇街：丹东街道" in page


def test_the_list_pages_by_key(centre, bring, today):
    for _ in range(16):
        bring(at=today)

    first = centre.get("/work-orders/?size=15")
    following = first.context["pager"]["next"]
    second = centre.get(f"/work-orders/?size=15&after={following}")

    assert text(first).count("<tr data-row>") == 15
    assert text(second).count("<tr data-row>") == 1
    assert first.context["pager"]["total"] == second.context["pager"]["total"] == 16


def test_days_are_whole_and_both_included(centre, bring, today):
    bring(at=today)
    day = timezone.localdate(today).isoformat()

    assert centre.get(f"/work-orders/?since={day}&until={day}").context["pager"]["total"] == 1
    assert centre.get("/work-orders/?since=2020-01-01&until=2020-01-02").context["rows"] == ()


@pytest.mark.parametrize(
    "query", ["since=yesterday", "rework=x", "after=x", "sort=fine", "measure=x"]
)
def test_an_address_nobody_understands_is_refused_in_a_sentence(centre, query):
    assert centre.get(f"/work-orders/?{query}").status_code == 422


def test_nothing_found_offers_to_clear(centre, bring, today):
    bring(at=today)

    assert "没有符合的案件" in text(centre.get("/work-orders/?text=没有这条路"))


def test_nothing_yet_says_where_it_comes_from(stranger):
    assert "还没有案件" in text(stranger.get("/work-orders/"))


def test_a_view_is_saved_shown_and_dropped(centre, bring, today):
    bring(at=today)
    query = "state=reported&town=330225001"

    centre.post("/work-orders/views/", {"name": "丹东待受理", "query": query})
    page = text(centre.get(f"/work-orders/?{query}"))
    centre.post(f"/work-orders/views/{SavedView.objects.get().pk}/drop/")

    tabs = page.split('class="views"')[1].split("</nav>")[0]
    assert 'aria-current="page">丹东待受理' in tabs
    assert not SavedView.objects.exists()


def test_nobody_drops_anothers_view(centre, handler):
    centre.post("/work-orders/views/", {"name": "我的", "query": "open=1"})

    answer = handler.post(f"/work-orders/views/{SavedView.objects.get().pk}/drop/")

    assert answer.status_code == 404
    assert SavedView.objects.count() == 1


def test_csv_carries_the_filtered_list(centre, bring, today):
    bring(at=today)
    litter = bring(at=today, matter_code=LITTER, address="=HYPERLINK(1)")

    answer = centre.get("/work-orders/?matter=06&export=csv")

    lines = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0][:5] == ["编号", "状态", "来源", "事项代码", "类别"]
    assert lines[1][:7] == [
        litter.code, "待受理", "采集员上报", LITTER, "暴露垃圾", "丹东街道", "'=HYPERLINK(1)",
    ]  # fmt: skip
    assert lines[1][9] == timezone.localtime(today).strftime("%Y-%m-%d %H:%M:%S")
    assert len(lines) == 2


def test_xlsx_carries_the_same_columns(centre, bring, today):
    order = bring(State.CLOSED, at=today)

    answer = centre.get("/work-orders/?export=xlsx")

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][:3] == ["编号", "状态", "来源"]
    assert rows[1][:3] == [order.code, "已结案", "采集员上报"]
    assert rows[1][9] == timezone.localtime(today).replace(tzinfo=None, microsecond=0)
    assert len(rows) == 2


def test_export_is_for_whom_may_export_and_in_a_known_form(centre, handler):
    assert handler.get("/work-orders/?export=csv").status_code == 403
    assert centre.get("/work-orders/?export=pdf").status_code == 422


def test_the_map_answers_open_orders_with_their_limit(centre, bring, today):
    bring(State.CLOSED, at=today)
    late = bring(at=today - timedelta(hours=1))

    page, answer = centre.get("/work-orders/map/"), centre.get("/work-orders/map/points.json")

    assert "data-work-orders" in text(page)
    data = answer.json()
    assert (data["count"], data["shown"]) == (1, 1)
    assert data["points"][0]["code"] == late.code
    assert data["points"][0]["tone"] == "bad"


def test_a_strangers_map_is_empty(stranger, bring, today):
    bring(at=today)

    assert stranger.get("/work-orders/map/points.json").json()["points"] == []


FORM = {
    "client_ref": "console:1",
    "channel": "hotline",
    "matter_code": STALL,
    "address": "靖南大街126号",
    "lon": HERE[0],
    "lat": HERE[1],
    "reporter_phone": "13800005678",
}


def test_a_report_is_written_down_once(centre):
    answers = [centre.post("/work-orders/new/", {**FORM, "photos": picture()}) for _ in range(2)]

    order = WorkOrder.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/work-orders/{order.pk}/"] * 2
    assert (order.channel, order.reporter_phone) == (Channel.HOTLINE, "13800005678")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": ""}, "地点"),
        ({"lon": "east"}, "经度"),
        ({"occurred_at": "2099-01-01T10:00"}, "发生时间晚于现在，请填实际发生时间。"),
        ({"channel": "collector"}, "来源"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_written(centre, wrong, said):
    answer = centre.post("/work-orders/new/", {**FORM, **wrong})

    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    assert "13800005678" in page
    assert not WorkOrder.objects.exists()


def test_the_form_offers_only_the_channels_of_the_person(centre, handler):
    assert 'value="hotline"' in text(centre.get("/work-orders/new/"))
    page = text(handler.get("/work-orders/new/"))
    assert 'value="patrol"' in page
    assert 'value="hotline"' not in page


def test_who_speaks_for_no_channel_gets_no_form(county):
    Person.objects.filter(pk=9).update(name="考核")
    from chengzhi.accounts.models import Post

    Post.objects.filter(person=9).update(role="evaluator")

    assert signed_in(9).get("/work-orders/new/").status_code == 403


def test_what_is_near_is_shown_while_the_form_is_filled_in(centre, bring, today):
    order = bring(at=today)
    near = f"/work-orders/nearby/?lon={HERE[0]}&lat={HERE[1]}&matter_code="

    assert order.code in text(centre.get(near + STALL))
    assert "附近没有同类案件" in text(centre.get(near + LITTER))
    assert centre.get("/work-orders/nearby/").status_code == 422


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/work-orders/", "/work-orders/new/", "/work-orders/1/", "/work-orders/map/",
     "/work-orders/map/points.json", "/work-orders/nearby/"],
)  # fmt: skip
def test_nobody_is_sent_to_sign_in(address):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert "login" in answer["Location"]
