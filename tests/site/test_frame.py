"""The frame of every page: who is signed in, what waits, theme, language, order of headings."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from chengzhi.accounts.types import ROLE_LABELS, Role
from chengzhi.site import rail
from chengzhi.site.context import theme_of
from tests.conftest import actor

PEOPLE = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", PEOPLE)
def test_home_is_drawn_for_every_role(sign_in, role):
    answer = sign_in(role).get("/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert ROLE_LABELS[role] in page
    assert page.count("<h1>") == 1
    assert 'href="#main"' in page
    assert '<main id="main"' in page
    assert '<nav class="rail" aria-label="主导航">' in page


def test_a_person_without_a_post_is_told_so(sign_in):
    page = sign_in().get("/").content.decode()

    assert "无岗位" in page


@pytest.mark.django_db
def test_nobody_is_sent_to_sign_in():
    answer = Client().get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def names_of(*roles: Role) -> list[str]:
    person = actor("person:7", "某人", *roles)
    return [place.name for place in rail.PLACES if rail._may(person, place)]


def test_the_rail_holds_what_the_role_may_open():
    handler = names_of(Role.HANDLER)
    administrator = names_of(Role.ADMINISTRATOR)

    assert "workorder-desk" in handler
    assert "audit" not in handler
    assert "finding-review" not in handler
    assert {"audit", "people"} <= set(administrator)
    assert "workorder-desk" not in administrator


@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("people", {Role.ADMINISTRATOR}),
        ("audit", {Role.ADMINISTRATOR, Role.AUDITOR}),
        (
            "standards",
            {Role.LEADER, Role.EVALUATOR, Role.ADMINISTRATOR, Role.DUTY_MANAGER},
        ),
    ],
)
def test_the_rail_shows_a_place_only_to_whose_it_is(name, holders):
    assert {role for role in PEOPLE if name in names_of(role)} == holders


@pytest.mark.parametrize("name", ["people", "audit", "standards"])
def test_what_the_rail_shows_opens(sign_in, name):
    for role in (role for role in PEOPLE if name in names_of(role)):
        assert sign_in(role).get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "/"),
        ("/vision/cameras/", "/vision/cameras/"),
        ("/vision/cameras/at/C001/", "/vision/cameras/"),
        ("/elsewhere/", ""),
    ],
)
def test_the_longest_address_that_begins_the_path_is_current(path, current):
    assert rail._current(["/", "/vision/", "/vision/cameras/"], path=path) == current


def test_a_badge_stops_at_ninety_nine():
    item = rail.RailItem(
        name="x", url="/", label="x", icon="x", count=128, alarm=False, current=False
    )

    assert item.count_short == "99+"


@pytest.mark.parametrize(
    ("cookie", "choice", "drawn"),
    [
        ("dark", "dark", "dark"),
        ("light", "light", "light"),
        ("system", "system", "light"),
        ("purple", "system", "light"),
        (None, "system", "light"),
    ],
)
def test_the_theme_comes_from_the_cookie_before_the_first_paint(sign_in, cookie, choice, drawn):
    client = sign_in(Role.LEADER)
    if cookie:
        client.cookies["theme"] = cookie

    page = client.get("/").content.decode()

    assert f'data-bs-theme="{drawn}"' in page
    assert f'data-theme="{choice}"' in page


def test_an_unknown_theme_is_the_systems():
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = '"><script>'

    assert theme_of(request) == "system"


def test_the_language_switch_lasts(sign_in):
    client = sign_in(Role.LEADER)

    client.post("/i18n/setlang/", {"language": "en", "next": "/"})

    page = client.get("/").content.decode()
    assert '<html lang="en"' in page
    assert "Waiting for me" in page


def test_health_answers_without_signing_in(client, db):
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"migrations_waiting": 0}


def test_the_offline_page_and_its_worker_need_nobody(client):
    assert "现在没有网络" in client.get("/offline/").content.decode()
    assert client.get("/service-worker.js")["Content-Type"].startswith("text/javascript")
