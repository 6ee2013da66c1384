"""Signing in, one's own account, and the administrator's pages."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from chengzhi.accounts.models import Person, Post, Token, Unit
from chengzhi.accounts.types import Role
from chengzhi.audit import interface as audit
from tests.accounts.people import PASSWORD, person, unit

NEW = "another-quiet-morning"
LOGIN = "/login/"


@pytest.fixture
def li_ming_account(centre) -> Person:
    return person("liming", "李明", Role.COLLECTOR, mobile="13800000001")


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin, backend="chengzhi.accounts.web.KnownPeople")
    return client


def sign_in(client, username="liming", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_the_page_asks_for_number_and_password(client, db):
    page = client.get(LOGIN)

    assert page.status_code == 200
    assert "用工号或手机号登录" in page.text
    assert 'autocomplete="current-password"' in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("typed", ["liming", "LiMing", "13800000001"])
def test_a_person_signs_in_by_number_or_mobile(client, li_ming_account, typed):
    answer = sign_in(client, typed)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert audit.history(li_ming_account.ref)[-1].sentence == "从 127.0.0.1 登录"


def test_the_session_is_a_fresh_one(client, li_ming_account):
    client.get(LOGIN)
    session = client.session
    session["before"] = "planted"
    session.save()
    planted = session.session_key

    sign_in(client)

    assert client.session.session_key != planted


@pytest.mark.parametrize(
    ("remember", "ends_with_browser"), [({}, True), ({"remember": "on"}, False)]
)
def test_the_session_ends_with_the_browser_unless_remembered(
    client, li_ming_account, remember, ends_with_browser
):
    sign_in(client, **remember)

    assert client.session.get_expire_at_browser_close() is ends_with_browser
    assert client.session.get_expiry_age() == 12 * 3600


@pytest.mark.parametrize(
    ("wanted", "target"),
    [("/account/", "/account/"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_after_signing_in_one_stays_on_this_host(client, li_ming_account, wanted, target):
    assert sign_in(client, next=wanted)["Location"] == target


def test_a_wrong_password_says_how_many_tries_are_left(client, li_ming_account):
    page = sign_in(client, password="wrong")

    assert page.status_code == 401
    assert "账号或密码不对。" in page.text
    assert "再错 4 次，账号锁定 15 分钟" in page.text
    assert 'value="liming"' in page.text
    assert "wrong" not in page.text
    assert audit.history(li_ming_account.ref)[-1].label == "登录失败"


def test_an_unknown_number_answers_like_a_wrong_password(client, li_ming_account):
    unknown, known = sign_in(client, "nobody"), sign_in(client, password="wrong")

    assert (unknown.status_code, known.status_code) == (401, 401)
    assert "再错 4 次" in unknown.text


def test_five_wrong_passwords_lock_the_account_here(client, li_ming_account):
    pages = [sign_in(client, password="wrong") for _ in range(5)]

    right = sign_in(client)

    assert [page.status_code for page in pages] == [401, 401, 401, 401, 429]
    assert right.status_code == 429
    assert "暂停登录 15 分钟" in right.text
    assert "_auth_user_id" not in client.session
    labels = [entry.label for entry in audit.history(li_ming_account.ref)]
    assert labels.count("登录失败") == 5
    assert labels.count("账号锁定") == 1


@pytest.mark.usefixtures("one_minute")
def test_the_door_counts_calls(client, li_ming_account):
    for _ in range(30):
        sign_in(client, "nobody-else", "wrong")

    page = sign_in(client)

    assert page.status_code == 429
    assert "操作过于频繁" in page.text


def test_an_empty_form_is_malformed(client, db):
    assert sign_in(client, "", "").status_code == 422


def test_somebody_signed_in_is_sent_home(client, li_ming_account):
    sign_in(client)

    assert client.get(LOGIN)["Location"] == "/"


def test_signing_out_takes_a_post(client, li_ming_account):
    sign_in(client)

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_deactivated_person_is_out_at_once(client, li_ming_account):
    sign_in(client)

    Person.objects.update(is_active=False)

    assert client.get("/account/")["Location"].startswith(LOGIN)
    assert sign_in(client).status_code == 401


def test_preferences_follow_the_person_to_another_machine(client, li_ming_account):
    sign_in(client)
    client.post("/account/", {"language": "en", "theme": "dark"})
    client.cookies.clear()

    answer = sign_in(client)

    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["theme"].value == "dark"


def test_the_account_page_shows_posts_and_sign_ins(client, li_ming_account):
    sign_in(client)

    page = client.get("/account/")

    assert page.status_code == 200
    assert "信息采集员" in page.text
    assert "从 127.0.0.1 登录" in page.text
    assert "138****0001" in page.text


def test_a_theme_that_does_not_exist_is_refused(client, li_ming_account):
    sign_in(client)

    assert client.post("/account/", {"language": "en", "theme": "neon"}).status_code == 422
    li_ming_account.refresh_from_db()
    assert li_ming_account.language == "zh-hans"


def test_a_temporary_password_is_replaced_before_anything_else(client, centre):
    person("liming", "李明", temporary=True)
    sign_in(client)

    assert client.get("/account/")["Location"] == "/account/password/"
    assert client.get("/api/v1/anything").json()["error"] == "password-outdated"
    assert "您正在使用临时密码" in client.get("/account/password/").text

    client.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert client.get("/account/").status_code == 200


def test_an_old_password_is_outdated_where_the_site_says_so(client, li_ming_account, settings):
    settings.CHENGZHI_PASSWORD_DAYS = 90
    Person.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    sign_in(client)

    assert client.get("/account/")["Location"] == "/account/password/"


def test_changing_the_password_keeps_this_session_and_ends_the_others(client, li_ming_account):
    from django.test import Client

    other = Client()
    sign_in(client), sign_in(other)

    client.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "原密码不对"),
        ({"old": PASSWORD, "new": NEW, "again": "other"}, "两次输入的新密码不一致"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "新密码不合要求"),
    ],
)
def test_a_bad_new_password_is_told_at_its_field(client, li_ming_account, typed, words):
    sign_in(client)

    page = client.post("/account/password/", typed)

    assert page.status_code == 422
    assert words in page.text


ADMIN_PAGES = ["people", "person-create", "units", "unit-create", "tokens"]


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_an_administrator_opens_every_page(as_admin, name):
    assert as_admin.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_others_are_told_who_may(client, li_ming_account, name):
    sign_in(client)

    page = client.get(reverse(name))

    assert page.status_code == 403
    assert "须由系统管理员办理" in page.text


@pytest.mark.parametrize("name", [*ADMIN_PAGES, "account", "password_change"])
def test_nobody_is_asked_to_sign_in(client, db, name):
    assert client.get(reverse(name))["Location"].startswith(LOGIN)


def test_the_list_of_people_filters(as_admin, li_ming_account):
    page = as_admin.get("/people/", {"text": "李", "role": "collector"})

    assert "liming" in page.text
    assert "管理员</td>" not in page.text
    assert "138****0001" in page.text
    assert "13800000001" not in page.text
    assert "没有符合条件的人员" in as_admin.get("/people/", {"text": "无此人"}).text
    assert "没有符合条件的人员" in as_admin.get("/people/", {"state": "inactive"}).text


def test_the_list_of_people_is_exported_and_that_is_an_event(as_admin, li_ming_account):
    book = as_admin.get("/people/", {"export": "xlsx"})
    text = as_admin.get("/people/", {"export": "csv", "text": "李"})

    sheet = load_workbook(BytesIO(book.content)).active
    assert [row[0].value for row in sheet.rows] == ["工号", "admin", "liming"]
    assert text.content.decode("utf-8-sig").splitlines()[1].startswith("liming,李明,")
    from chengzhi.audit.models import Event

    exports = Event.objects.filter(name="accounts.people-exported").order_by("pk")
    assert [row.data for row in exports] == ['{"count":2}', '{"count":1}']
    assert as_admin.get("/people/", {"export": "pdf"}).status_code == 422


def test_a_person_is_created_with_a_first_post(as_admin):
    answer = as_admin.post(
        "/people/new/",
        {"username": "x1", "name": "新人", "unit": "C01", "role": "collector", "new": PASSWORD},
    )

    made = Person.objects.get(username="x1")
    assert answer["Location"] == f"/people/{made.pk}/"
    assert made.password_changed_at is None
    assert Post.objects.get(person=made).role == "collector"


def test_a_refused_person_is_told_at_the_field_and_nothing_is_kept(as_admin):
    page = as_admin.post(
        "/people/new/",
        {"username": "admin", "name": "新人", "unit": "C01", "role": "collector", "new": PASSWORD},
    )

    assert page.status_code == 422
    assert "工号 admin 已被使用" in page.text
    assert Person.objects.count() == 1


def test_the_person_page_gives_and_ends_posts(as_admin, li_ming_account):
    address = f"/people/{li_ming_account.pk}/"
    given = as_admin.post(
        address + "posts/", {"role": "handler", "valid_from": "2026-01-01"}, follow=True
    )
    ended = as_admin.post(address + "posts/handler/end", follow=True)

    assert "已授予岗位" in given.text
    assert "已终止岗位" in ended.text
    assert Post.objects.get(role="handler").valid_to == timezone.localdate()
    assert as_admin.post(address + "posts/emperor/end").status_code == 404
    again = as_admin.post(address + "posts/", {"role": "collector", "valid_from": "2026-01-01"})
    assert (again.status_code, "已有信息采集员岗位" in again.text) == (422, True)


def test_the_person_page_resets_and_deactivates(as_admin, li_ming_account):
    address = f"/people/{li_ming_account.pk}/"

    weak = as_admin.post(address + "password", {"new": "short"})
    reset = as_admin.post(address + "password", {"new": NEW}, follow=True)
    silent = as_admin.post(address + "deactivate", {"reason": ""})
    gone = as_admin.post(address + "deactivate", {"reason": "调离"}, follow=True)

    assert (weak.status_code, silent.status_code) == (422, 422)
    assert "已重置" in reset.text
    assert "停用人员 李明（liming）：调离" in gone.text
    li_ming_account.refresh_from_db()
    assert not li_ming_account.is_active


def test_an_administrator_cannot_lock_themselves_out(as_admin, admin):
    page = as_admin.post(f"/people/{admin.pk}/deactivate", {"reason": "x"})

    assert page.status_code == 422
    assert "不能停用自己的账号" in page.text
    assert Person.objects.get().is_active


def test_people_of_another_county_are_not_found(as_admin, stranger):
    for deed, data in [
        ("", None),
        ("posts/", {"role": "leader", "valid_from": "2026-01-01"}),
        ("posts/administrator/end", {}),
        ("password", {"new": NEW}),
        ("deactivate", {"reason": "x"}),
    ]:
        address = f"/people/{stranger.pk}/{deed}"
        answer = as_admin.get(address) if data is None else as_admin.post(address, data)
        assert answer.status_code == 404, deed

    stranger.refresh_from_db()
    assert stranger.is_active
    assert stranger.check_password(PASSWORD)


def test_units_are_created_and_closed(as_admin):
    fields = {"code": "S01", "name": "丹东中队", "kind": "squad", "division": "330225001"}
    made = as_admin.post("/units/new/", {**fields, "parent": "C01"}, follow=True)
    twice = as_admin.post("/units/new/", fields)
    closed = as_admin.post("/units/S01/close", follow=True)
    busy = as_admin.post("/units/C01/close")

    assert "已新增机构" in made.text
    assert (twice.status_code, "机构代码 S01 已被使用" in twice.text) == (422, True)
    assert "已撤销机构" in closed.text
    assert busy.status_code == 409
    assert Unit.objects.get(code="S01").closed_on == timezone.localdate()


def test_a_token_is_issued_shown_once_and_revoked(as_admin):
    issued = as_admin.post("/tokens/new/", {"name": "一号机", "scopes": ["vision"], "days": "90"})

    plain = issued.context["issued"].plain
    assert plain in issued.text
    assert plain not in as_admin.get("/tokens/").text
    bad = as_admin.post("/tokens/new/", {"name": "", "days": "9999"})
    assert bad.status_code == 422
    token = Token.objects.get()
    assert "已吊销令牌" in as_admin.post(f"/tokens/{token.pk}/revoke", follow=True).text
    assert as_admin.post(f"/tokens/{token.pk}/revoke").status_code == 422


def test_units_of_another_county_are_not_offered(as_admin, stranger):
    unit("S01", name="丹东中队")

    page = as_admin.get("/people/new/")

    assert "丹东中队" in page.text
    assert "外区中心" not in page.text
