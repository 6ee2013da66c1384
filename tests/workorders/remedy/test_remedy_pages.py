"""The pages and the API of remedies: who sees what, filters, numbers that open, buttons."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chengzhi.workorders.models import FundLine, Remedy
from chengzhi.workorders.types.remedies import RemedyState
from tests.workorders.conftest import HERE, picture, text
from tests.workorders.remedy.conftest import TRACK_B, YUAN

FORM = {
    "kind": "cover",
    "lon": str(HERE[0]),
    "lat": str(HERE[1]),
    "address": "靖南大街126号",
    "description": "井盖破损",
    "hazard": "1",
}


def press(client, remedy, name, **said):
    answer = client.post(reverse("remedy-deed", args=[remedy.pk, name]), said)
    assert answer.status_code == 302, text(answer)


def test_a_problem_is_registered_on_the_page(firm, centre):
    answer = centre.post(reverse("remedy-new"), FORM | {"photos": [picture()]})

    made = Remedy.objects.get()
    assert answer.status_code == 302
    assert (made.kind, made.is_hazard, made.state) == ("cover", True, "registered")


def test_a_malformed_form_comes_back_with_what_was_written(firm, centre):
    page = centre.post(reverse("remedy-new"), FORM | {"kind": ""})

    assert page.status_code == 422
    assert "没有选择问题类型" in text(page) and "井盖破损" in text(page)
    assert not Remedy.objects.exists()


def test_a_problem_is_registered_from_a_work_order(firm, bring, centre):
    order = bring()

    page = text(centre.get(reverse("remedy-new") + f"?work_order={order.pk}"))
    centre.post(reverse("remedy-new"), FORM | {"work_order": order.pk})

    assert "靖南大街126号" in page
    made = Remedy.objects.get()
    assert made.work_order_id == order.pk
    assert made.code in text(centre.get(reverse("workorder-detail", args=[order.pk])))


@pytest.mark.parametrize("state", sorted(RemedyState))
def test_the_record_page_opens_in_every_state(mend, state, centre, leader_page):
    done = mend(state)
    address = reverse("remedy-detail", args=[done.pk])

    assert centre.get(address).status_code == 200
    assert leader_page.get(address).status_code == 200


def test_the_wizard_names_the_article_that_closes_track_a(mend, leader_page):
    found = mend(RemedyState.OWNER_FOUND)

    page = text(leader_page.get(reverse("remedy-detail", args=[found.pk])))

    assert "行政强制法第五十条、第五十一条" in page
    assert "不能走" in page and "可以走" in page


def test_track_a_runs_over_the_buttons(firm, mend, centre, leader_page, firm_page):
    found, today = mend(at=timezone.now()), timezone.localdate().isoformat()

    press(centre, found, "fence", reason="围挡")
    press(centre, found, "start-search")
    for source in ("ledger", "utilities", "community", "notice"):
        press(centre, found, "log-search", source=source, reason="查无此户")
    press(
        centre, found, "hold-meeting", held_on=today, attendees="三方", opinions="无主",
        conclusion="ownerless",
    )  # fmt: skip
    press(centre, found, "conclude-ownerless")
    press(leader_page, found, "approve", amount="3000")
    press(centre, found, "begin-work", contractor="K01", text="换井盖", photos=[picture()])
    press(firm_page, found, "finish-work", quantity="1 套", photos=[picture()])
    press(centre, found, "accept-work")
    press(centre, found, "settle", amount="2800.50")
    press(centre, found, "close-remedy")

    found.refresh_from_db()
    assert (found.state, found.settled_fen) == ("closed", 280_050)


def test_a_refused_button_answers_with_the_article(mend, leader_page):
    found = mend(RemedyState.OWNER_FOUND)

    answer = leader_page.post(reverse("remedy-deed", args=[found.pk, "approve"]), {"amount": "1"})

    assert answer.status_code == 409
    assert "行政强制法第五十条" in text(answer)


def test_the_firm_sees_its_own_work_and_a_stranger_nothing(mend, firm_page, stranger):
    own, other = mend(RemedyState.WORKING), mend(RemedyState.OWNERLESS)

    page = text(firm_page.get(reverse("remedy-list")))

    assert own.code in page and other.code not in page
    assert own.code not in text(stranger.get(reverse("remedy-list")))
    assert stranger.get(reverse("remedy-detail", args=[own.pk])).status_code == 404


def test_the_rates_page_opens_its_numbers(mend, centre):
    done = mend(RemedyState.CLOSED, at=timezone.now())

    page = text(centre.get(reverse("remedy-rates")))
    behind = text(centre.get(reverse("remedy-list") + "?measure=solved_on_time"))

    assert "100.0%" in page and "measure=solved_on_time" in page
    assert done.code in behind


def test_the_fund_shows_every_line_and_takes_a_grant(mend, centre, leader_page, firm_page):
    mend(path=TRACK_B)
    year = FundLine.objects.first().year

    leader_page.post(reverse("remedy-grant"), {"amount": "500", "reason": "县财2号"})
    page = text(centre.get(reverse("remedy-fund") + f"?year={year}"))

    kinds = list(FundLine.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["grant", "commit", "release", "spend", "recover", "grant"]
    assert "2,800 元" in page
    assert firm_page.get(reverse("remedy-fund")).status_code == 403


@pytest.mark.parametrize("name", ["remedy-list", "remedy-fund"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_list_is_exported(mend, centre, name, kind):
    mend(RemedyState.CLOSED)

    answer = centre.get(reverse(name) + f"?export={kind}")

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


def test_the_api_registers_searches_and_reads(firm, centre):
    body = {"kind": "pole", "lon": HERE[0], "lat": HERE[1], "address": "靖南大街"}

    made = centre.post("/api/v1/remedies", body, content_type="application/json")
    pk = made.json()["id"]
    centre.post(f"/api/v1/remedies/{pk}/start-search")
    centre.post(
        f"/api/v1/remedies/{pk}/searches",
        {"source": "ledger", "found": False, "result": "无"},
        content_type="application/json",
    )
    seen = centre.get(f"/api/v1/remedies/{pk}").json()

    assert made.status_code == 201
    assert (seen["row"]["state"], len(seen["searches"])) == ("searching", 1)
    assert centre.get("/api/v1/remedies?open_only=true").json()["count"] == 1
    assert centre.get("/api/v1/remedies/rates").json()["counts"]["registered"] == 1


def test_a_number_of_the_page_is_the_length_of_its_list(mend, centre):
    now = timezone.now()
    for state in (RemedyState.CLOSED, RemedyState.OWNERLESS):
        mend(state, at=now - timedelta(hours=1))

    counts = centre.get("/api/v1/remedies/rates?days=1").json()["counts"]

    for measure, count in counts.items():
        assert centre.get(f"/api/v1/remedies?measure={measure}").json()["count"] == count
    assert counts["registered"] == 2
    assert YUAN == 100
