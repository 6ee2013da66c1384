"""The pages and the API of whistles: who sees what, filters, numbers that open, buttons."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chengzhi.workorders.commands import whistle_answer
from chengzhi.workorders.models import Whistle
from chengzhi.workorders.queries.whistle_measures import ANSWER_MEASURES, whistle_rates
from chengzhi.workorders.queries.whistles import answer_page, whistles_waiting
from chengzhi.workorders.types.whistles import AnswerFilters, WhistleState
from tests.workorders.conftest import IN_SHIPU, picture, text

FORM = {
    "items": ["09005"],
    "urgency": "urgent",
    "lon": str(IN_SHIPU[0]),
    "lat": str(IN_SHIPU[1]),
    "address": "渔港路8号",
    "description": "夜市占道",
    "departments": ["S02", "D01"],
    "lead": "S02",
}


@pytest.fixture
def sent(blow):
    return blow(WhistleState.DISPATCHED, at=timezone.now())


def test_a_town_writes_and_blows_a_whistle_on_one_page(town_page):
    answer = town_page.post(reverse("whistle-new"), FORM | {"and": "issue"})

    made = Whistle.objects.get()
    assert answer.status_code == 302
    assert (made.state, made.items, made.lead) == ("issued", "店外经营", "S02")


def test_an_unfinished_whistle_is_kept_as_a_draft_with_its_reason(town_page):
    page = town_page.post(
        reverse("whistle-new"), FORM | {"departments": [], "lead": "", "and": "issue"}, follow=True
    )

    assert Whistle.objects.get().state == "drafted"
    assert "没有选择响应部门" in text(page)


def test_a_malformed_form_comes_back_with_what_was_written(town_page):
    page = town_page.post(reverse("whistle-new"), FORM | {"address": ""})

    assert page.status_code == 422
    assert "地点应有 1 至 256 字" in text(page) and "夜市占道" in text(page)
    assert not Whistle.objects.exists()


def test_a_whistle_is_blown_from_a_work_order(bring, town_page):
    order = bring(lon=IN_SHIPU[0], lat=IN_SHIPU[1])

    page = text(town_page.get(reverse("whistle-new") + f"?work_order={order.pk}"))
    town_page.post(reverse("whistle-new"), FORM | {"work_order": order.pk, "and": "issue"})

    assert "靖南大街126号" in page
    assert Whistle.objects.get().work_order_id == order.pk
    record = text(town_page.get(reverse("workorder-detail", args=[order.pk])))
    assert Whistle.objects.get().code in record


def test_the_list_shows_each_only_what_is_theirs(
    sent, town_page, squad_page, centre, handler, stranger
):
    pages = [
        p.get(reverse("whistle-list")) for p in (town_page, squad_page, centre, handler, stranger)
    ]

    assert [sent.code in text(page) for page in pages] == [True, True, True, False, False]


def test_a_record_of_another_is_not_there(sent, handler, stranger):
    address = reverse("whistle-detail", args=[sent.pk])

    assert [page.get(address).status_code for page in (handler, stranger)] == [404, 404]


@pytest.mark.parametrize("state", sorted(set(WhistleState) - {"drafted"}))
def test_the_record_page_opens_in_every_state_for_everybody_concerned(
    blow, town_page, squad_page, centre, state
):
    done = blow(state, at=timezone.now())
    address = reverse("whistle-detail", args=[done.pk])

    assert town_page.get(address).status_code == 200
    assert centre.get(address).status_code == 200
    if done.dispatched_at:
        assert squad_page.get(address).status_code == 200


def test_the_whole_life_runs_over_the_buttons(sent, town_page, squad_page, centre, he_jie):
    now = timezone.now()

    def press(client, name, **said):
        answer = client.post(reverse("whistle-deed", args=[sent.pk, name]), said)
        assert answer.status_code == 302, text(answer)

    press(squad_page, "acknowledge")
    whistle_answer.acknowledge(sent.pk, actor=he_jie, now=now)
    press(squad_page, "arrive", lon=IN_SHIPU[0], lat=IN_SHIPU[1], people="两人")
    presence = whistle_answer.Presence(lon=IN_SHIPU[0], lat=IN_SHIPU[1])
    whistle_answer.arrive(sent.pk, presence=presence, actor=he_jie, now=now)
    whistle_answer.report_back(sent.pk, result="清运", actor=he_jie, now=now)
    press(squad_page, "report", reason="全部劝离", photos=[picture()])
    press(
        town_page, "confirm", unit=["S02", "D01"],
        **{"points-S02": "5", "points-D01": "4", "reason": "感谢"},
    )  # fmt: skip
    press(centre, "close")

    sent.refresh_from_db()
    assert (sent.state, sent.confirm_words) == ("closed", "感谢")


def test_a_refused_button_answers_with_its_reason(sent, squad_page):
    answer = squad_page.post(reverse("whistle-deed", args=[sent.pk, "arrive"]), {})

    assert answer.status_code == 409
    assert "待签收" in text(answer)


def test_every_count_is_the_length_of_the_list_behind_it(blow, now, wang_fang):
    for state in (WhistleState.CLOSED, WhistleState.DISPATCHED, WhistleState.DISPUTED):
        blow(state)
    since, until = now - timedelta(days=1), now + timedelta(days=1)
    later = now + timedelta(hours=3)

    whole, each = whistle_rates(wang_fang, since=since, until=until, now=later)

    for measure in ANSWER_MEASURES:
        filters = AnswerFilters(measure=measure, since=since, until=until)
        assert answer_page(wang_fang, filters, now=later).count == whole.counts[measure]
        assert sum(line.counts[measure] for line in each) == whole.counts[measure]
    assert whole.counts == {
        "asked": 6, "responded": 2, "responded_on_time": 2, "arrived_on_time": 2, "finished": 2,
        "finished_on_time": 2, "scored": 2, "satisfied": 1, "late": 3,
    }  # fmt: skip
    assert (whole.response, whole.satisfaction) == (2 / 6, 1 / 2)


def test_the_rates_page_opens_its_numbers(blow, centre):
    blow(WhistleState.CLOSED, at=timezone.now())

    page = text(centre.get(reverse("whistle-rates")))
    tasks = text(centre.get(reverse("whistle-tasks") + "?measure=satisfied"))

    assert "measure=satisfied&amp;unit=S02" in page
    assert "石浦中队" in tasks and "环卫指导中心" not in tasks.split("<tbody>")[1]


def test_a_department_finds_its_own_tasks(sent, squad_page, handler):
    address = reverse("whistle-tasks") + "?open=1"

    assert sent.code in text(squad_page.get(address))
    assert sent.code not in text(handler.get(address))


@pytest.mark.parametrize("name", ["whistle-list", "whistle-tasks", "whistle-rates"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_list_is_exported(sent, centre, name, kind):
    answer = centre.get(reverse(name) + f"?export={kind}")

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


def test_the_rail_counts_whose_move_it_is(blow, now, wu_hai, wang_fang, zheng_lang, zhou_jian):
    blow(WhistleState.ISSUED)
    blow(WhistleState.DISPATCHED)

    seen = [whistles_waiting(who, now=now)[0] for who in (wu_hai, wang_fang, zheng_lang, zhou_jian)]

    assert seen == [0, 1, 1, 0]


def test_the_files_of_a_whistle_are_seen_by_those_who_see_it(blow, zheng_lang, zhou_jian):
    from chengzhi.workorders.queries.whistle_access import sees_whistle

    done = blow(WhistleState.CLOSED)

    assert sees_whistle(zheng_lang, done.subject)
    assert not sees_whistle(zhou_jian, done.subject)


def test_the_api_takes_a_whistle_from_the_draft_to_the_departments(town_page, centre):
    body = FORM | {"lon": IN_SHIPU[0], "lat": IN_SHIPU[1]}

    made = town_page.post("/api/v1/whistles", body, content_type="application/json")
    pk = made.json()["id"]
    issued = town_page.post(f"/api/v1/whistles/{pk}/issue")
    sent = centre.post(f"/api/v1/whistles/{pk}/dispatch", {}, content_type="application/json")
    seen = centre.get(f"/api/v1/whistles/{pk}").json()

    assert [made.status_code, issued.status_code, sent.status_code] == [201, 200, 200]
    assert (seen["row"]["state"], len(seen["answers"])) == ("dispatched", 2)
    assert centre.get("/api/v1/whistles?open_only=true").json()["count"] == 1
    assert centre.get("/api/v1/whistles/tasks?unit=D01").json()["count"] == 1
