"""The page of live numbers as people open it: each link leads to a list of that length."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from chengzhi.accounts.models import Person
from chengzhi.reports.types import PERIOD_LABELS

LINK = re.compile(r'<a[^>]*href="(/[^"]*\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
FIGURE = re.compile(r"^\D*?([\d,]+)")


@pytest.fixture
def leader(county) -> Client:
    client = Client()
    person = Person.objects.get(name="赵强")
    client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
    return client


def links(page: str) -> list[tuple[str, int]]:
    """Return the address and the number of every link that shows one."""
    found = []
    for address, inside in LINK.findall(page.split("<main", 1)[1]):
        shown = re.search(r'class="v[^"]*">\s*([\d,]+)', inside)
        text = shown.group(1) if shown else re.sub(r"<[^>]+>", "", inside).strip()
        if figure := FIGURE.match(text):
            found.append((address.replace("&amp;", "&"), int(figure.group(1).replace(",", ""))))
    return found


def test_every_link_opens_a_list_of_that_length(leader, spread, findings):
    spread(timezone.now())
    findings(timezone.now())

    shown = links(leader.get("/reports/?period=30d").content.decode())

    assert len(shown) > 60
    for address, number in shown:
        answer = leader.get(address)
        assert (address, answer.context["pager"]["total"]) == (address, number)


def test_the_chart_opens_the_same_lists(leader, spread):
    spread(timezone.now())

    chart = leader.get("/reports/?period=7d").context["chart"]

    for series in chart["series"]:
        for value, address in zip(series["values"], series.get("urls", []), strict=False):
            assert leader.get(address).context["pager"]["total"] == value


@pytest.mark.parametrize("period", list(PERIOD_LABELS))
def test_each_period_is_offered_and_marks_itself(leader, period):
    page = leader.get(f"/reports/?period={period}").content.decode()

    assert f'href="?period={period}" aria-current="true"' in page
    assert page.count('aria-current="true"') == 1


def test_a_page_without_records_says_so_and_shows_dashes(leader):
    page = leader.get("/reports/").content.decode()

    assert "此周期还没有数字" in page
    assert "还没有复核" in page
    assert '<span class="v">—</span>' in page


def test_an_unknown_period_is_refused_in_a_sentence(leader):
    answer = leader.get("/reports/?period=week")

    assert answer.status_code == 422
    assert "没有周期“week”" in answer.content.decode()


def test_nobody_is_asked_to_sign_in(client, db):
    answer = client.get("/reports/")

    assert urlsplit(answer["Location"]).path == "/login/"
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": ["/reports/"]}
