"""The pages of the log: for administrators and auditors, with every filter."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from chengzhi.accounts.types import Role
from chengzhi.audit.models import Event
from tests.accounts.people import person, unit
from tests.audit.happenings import START, happen, story

BACKEND = "chengzhi.accounts.web.KnownPeople"


@pytest.fixture
def signed_in(client, db):
    unit()

    def sign_in(*roles):
        client.force_login(person("somebody", "管理员", *roles), backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def admin(signed_in):
    return signed_in(Role.ADMINISTRATOR)


def listed(page) -> list[str]:
    return [entry.subject for entry in page.context["page"].entries]


def test_pain_4_administrators_read_the_log_on_a_screen_newest_first(admin):
    story()

    page = admin.get("/audit/")

    assert page.status_code == 200
    assert listed(page)[:3] == ["thing:1", "thing:2", "thing:1"]
    assert "办了第 4 件事：街面整洁" in page.text
    assert "尚未建立存证点" in page.text


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"subject": "thing:1"}, 4),
        ({"actor": "person:77"}, 1),
        ({"actor": "李明"}, 2),
        ({"actor": "无此人"}, 0),
        ({"name": "test.thing-done", "subject": "thing:2"}, 2),
        ({"since": "2026-11-25", "until": "2026-11-25", "name": "test.thing-done"}, 8),
        ({"since": "2026-11-26", "name": "test.thing-done"}, 2),
        ({"until": "2026-11-24"}, 0),
    ],
)
def test_the_log_is_filtered(admin, asked, count):
    from datetime import timedelta

    li_ming = person("liming", "李明")
    story()
    happen("thing:20", actor="person:77")
    for number in range(2):
        at = START + timedelta(days=1, minutes=number)
        happen(f"thing:3{number}", actor=li_ming.ref, at=at)

    page = admin.get("/audit/", asked)

    assert page.context["page"].count == count
    assert len(listed(page)) == count
    if not count:
        assert "没有符合条件的记录" in page.text


def test_pages_follow_by_key(admin):
    for number in range(60):
        happen(f"thing:{number}")

    first = admin.get("/audit/", {"name": "test.thing-done"})
    key = first.context["page"].next_key
    second = admin.get("/audit/", {"name": "test.thing-done", "after": key})

    assert (len(listed(first)), len(listed(second))) == (50, 10)
    assert listed(second)[0] == "thing:9"
    assert second.context["page"].next_key is None
    assert f"after={key}" in first.text


@pytest.mark.parametrize("date", ["2026-13-40", "yesterday"])
def test_a_bad_date_is_told(admin, date):
    page = admin.get("/audit/", {"since": date})

    assert page.status_code == 422
    assert f"日期“{date}”不对" in page.text


def test_the_log_is_exported_and_that_is_an_event(admin):
    story()

    book = admin.get("/audit/", {"export": "xlsx", "subject": "thing:1"})
    text = admin.get("/audit/", {"export": "csv", "subject": "thing:2"})

    rows = list(load_workbook(BytesIO(book.content)).active.values)
    assert rows[0][:4] == ("行号", "时间", "人员", "事项")
    assert len(rows) == 5
    assert text.content.decode("utf-8-sig").count("\r\n") == 3
    exports = Event.objects.filter(name="audit.log-exported").order_by("pk")
    assert exports[0].data == '{"count":4,"filters":"subject=thing:1"}'
    assert exports.count() == 2
    assert admin.get("/audit/", {"export": "pdf"}).status_code == 422


def test_a_subject_shows_its_chain_with_hashes(admin):
    pk = story()[4]

    page = admin.get("/audit/subjects/thing:1")

    assert "4 行内容、顺序和摘要都相符。" in page.text
    assert Event.objects.get(pk=pk).hash in page.text


def test_a_broken_chain_is_said_at_its_row(admin):
    pk = story()[4]
    Event.objects.filter(pk=pk).update(actor="person:666")

    page = admin.get("/audit/subjects/thing:1")

    assert f"第 {pk} 行（thing:1 的第 3 步）" in page.text
    assert page.text.count("断裂处") == 1


def test_a_subject_without_rows_is_not_found(admin):
    page = admin.get("/audit/subjects/thing:404")

    assert page.status_code == 404
    assert "没有“thing:404”的记录" in page.text


def test_dead_letters_are_listed_and_retried(admin):
    pk = happen()
    Event.objects.filter(pk=pk).update(
        given_up_at=START, attempts=6, failure="Traceback\nValueError: boom"
    )

    shown = admin.get("/audit/failures/")
    retried = admin.post(f"/audit/failures/{pk}/retry", follow=True)

    assert "ValueError: boom" in shown.text
    assert "重新处理" in shown.text
    assert f"第 {pk} 号事件已重新交办" in retried.text
    assert "没有失败事件" in retried.text
    assert admin.post(f"/audit/failures/{pk}/retry").status_code == 409


def test_an_auditor_reads_and_does_not_retry(signed_in):
    auditor = signed_in(Role.AUDITOR)
    pk = happen()
    Event.objects.filter(pk=pk).update(given_up_at=START)

    assert auditor.get("/audit/").status_code == 200
    assert 'aria-disabled="true" title="须由系统管理员办理"' in auditor.get("/audit/failures/").text
    assert auditor.post(f"/audit/failures/{pk}/retry").status_code == 403
    assert Event.objects.get(pk=pk).given_up_at == START


@pytest.mark.parametrize("address", ["/audit/", "/audit/failures/", "/audit/subjects/thing:1"])
def test_others_are_told_who_may(signed_in, address):
    story()

    page = signed_in(Role.LEADER).get(address)

    assert page.status_code == 403
    assert "只向系统管理员和监督检察人员开放" in page.text


@pytest.mark.parametrize("address", ["/audit/", "/audit/failures/", "/audit/subjects/thing:1"])
def test_an_administrator_of_another_county_sees_nothing(client, db, address):
    from tests.accounts.people import ELSEWHERE

    story()
    unit("X01", name="外区中心", division="330203", actor=ELSEWHERE)
    chen_jing = person("chenjing", "陈静", Role.ADMINISTRATOR, unit="X01", actor=ELSEWHERE)
    client.force_login(chen_jing, backend=BACKEND)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/audit/", "/audit/failures/", "/audit/subjects/thing:1"])
def test_nobody_is_asked_to_sign_in(client, db, address):
    assert client.get(address)["Location"].startswith("/login/")
