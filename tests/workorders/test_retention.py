"""Retention: dry run, register, events, legal hold, and nothing personal left anywhere."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from chengzhi.accounts.models import Post
from chengzhi.accounts.types import Actor, Role
from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from chengzhi.audit.tasks import drain
from chengzhi.evidence import commands as evidence
from chengzhi.evidence import queries as evidence_queries
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.wiring import REACTIONS
from chengzhi.workorders.commands import file, intake, notes, retention, verify
from chengzhi.workorders.models import LegalHold, RetentionRow, RetentionRun, WorkOrder
from chengzhi.workorders.queries.record import record
from chengzhi.workorders.queries.retention import due_now, kept
from chengzhi.workorders.rules.retention import register_digest, retention_rules
from chengzhi.workorders.types import Channel, PhotoRef, State, Wish
from tests.conftest import actor
from tests.workorders.conftest import SINCE, signed_in

DAY = timedelta(days=1)
NAME, PHONE, OTHER, CARD = "钱小贞", "13711112222", "13933334444", "330225199003071234"
SAID = f"有人乱倒，打{PHONE}或{OTHER}，身份证{CARD}"
CONTACT, WORDS, FILES, TEXT = (730 * DAY, 730 * DAY, 1825 * DAY, 3650 * DAY)


@pytest.fixture
def keeper(county) -> Actor:
    Post.objects.create(person_id=3, role=Role.ADMINISTRATOR, valid_from=SINCE)
    return actor("person:3", "赵强", Role.ADMINISTRATOR, unit="B01")


@pytest.fixture
def ended(county, wang_fang, li_ming, now):
    """A hotline report in which everybody wrote numbers everywhere, rejected at the end."""

    def make(**changes) -> WorkOrder:
        from dataclasses import replace

        from tests.workorders.conftest import STALL_REPORT

        said = {
            "channel": Channel.HOTLINE, "description": SAID, "reporter_name": NAME,
            "reporter_phone": PHONE, "reporter_wish": Wish.ANSWER,
            "address": f"靖南大街126号（联系{PHONE}）",
        }  # fmt: skip
        pk = intake.report(
            replace(STALL_REPORT, **{**said, **changes}), actor=wang_fang, now=now
        ).id
        notes.comment(pk, text=f"已回电{PHONE}、{OTHER}", actor=wang_fang, now=now)
        notes.show_reporter(pk, reason=f"回访{PHONE}", actor=wang_fang, now=now)
        verify.reject(pk, reason=f"不属于本局，已告知{PHONE}", actor=wang_fang, now=now)
        drain(REACTIONS, now=now)
        return WorkOrder.objects.get(pk=pk)

    return make


def counts(keeper, at) -> dict[str, int]:
    return {due.rule.key: due.count for due in due_now(keeper, now=at)}


def test_the_rules_are_dated_and_say_what_they_rest_on():
    rules = retention_rules(on=date(2026, 11, 25))

    assert [rule.key for rule in rules] == [
        "reporter-contact", "numbers-in-words", "pictures", "description",
    ]  # fmt: skip
    assert all("个人信息保护法" in rule.basis and rule.keep_days > 0 for rule in rules)
    assert retention_rules(on=date(2025, 12, 31)) == ()


def test_a_dry_run_counts_and_removes_nothing(ended, keeper, now):
    order = ended()
    before = WorkOrder.objects.values().get(pk=order.pk)

    early, due = counts(keeper, now + CONTACT - DAY), counts(keeper, now + CONTACT)

    assert set(early.values()) == {0}
    assert due == {"reporter-contact": 1, "numbers-in-words": 1, "pictures": 0, "description": 0}
    assert WorkOrder.objects.values().get(pk=order.pk) == before
    assert not RetentionRun.objects.exists()


def test_a_run_writes_the_register_and_an_event_per_record_pain_3(ended, keeper, now):
    order, at = ended(), now + CONTACT

    ran = retention.run_retention(actor=keeper, now=at)

    order.refresh_from_db()
    assert (order.reporter_name, order.reporter_phone, order.reporter_wish) == ("", "", "")
    assert order.description == "有人乱倒，打137****2222或139****4444，身份证330**************4"
    rows = list(RetentionRow.objects.order_by("pk").values_list("rule", "subject", "item_count"))
    assert rows == [
        ("reporter-contact", order.subject, 3),
        ("numbers-in-words", order.subject, 2),
    ]
    run = RetentionRun.objects.get()
    assert (ran.row_count, run.row_count, run.rule_version) == (2, 2, "2026.1")
    assert run.digest == register_digest("2026.1", rows) == ran.digest
    removed = Event.objects.filter(subject=order.subject, name="workorders.data-removed")
    assert removed.count() == 2
    assert Event.objects.filter(subject=run.subject, name="workorders.retention-run").count() == 1
    assert audit.verify(order.subject) is None


def test_a_second_run_finds_nothing(ended, keeper, now):
    ended()
    retention.run_retention(actor=keeper, now=now + CONTACT)

    again = retention.run_retention(actor=keeper, now=now + CONTACT + DAY)

    assert again.row_count == 0
    assert counts(keeper, now + CONTACT + DAY)["reporter-contact"] == 0


def everything_kept() -> str:
    """Return every value of every row of every table, but those that people's own accounts are."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("chengzhi.")]
    rows = (row for model in ours for row in model._default_manager.values_list())
    return "\n".join(str(value) for row in rows for value in row)


def test_personal_data_never_enters_the_event_history_pain_20(ended):
    ended()

    log = "\n".join(Event.objects.values_list("data", flat=True))

    assert "已回电137****2222、139****4444" in log
    for private in (NAME, PHONE, OTHER, CARD):
        assert private not in log


def test_after_retention_no_table_holds_the_reporter_pain_20(ended, keeper, now):
    ended()
    assert all(private in everything_kept() for private in (NAME, PHONE, OTHER, CARD))

    retention.run_retention(actor=keeper, now=now + CONTACT)
    left = everything_kept()

    for private in (NAME, PHONE, OTHER, CARD):
        assert private not in left


def test_open_work_orders_are_never_touched(bring, keeper, now):
    order = bring(State.HANDLING, description=SAID)

    retention.run_retention(actor=keeper, now=now + 10 * TEXT)

    order.refresh_from_db()
    assert order.description == SAID


def test_what_is_on_hold_stays_whatever_the_rules_say(ended, keeper, wang_fang, now):
    held, free = ended(), ended(client_ref="other")
    retention.place_hold(held.pk, reason="行政复议", actor=wang_fang, now=now)

    due = {row.rule.key: (row.count, row.held_count) for row in due_now(keeper, now=now + CONTACT)}
    retention.run_retention(actor=keeper, now=now + CONTACT)

    held.refresh_from_db()
    free.refresh_from_db()
    assert due["reporter-contact"] == (1, 1)
    assert (held.reporter_phone, free.reporter_phone) == (PHONE, "")


def test_a_hold_ends_with_its_day_or_when_it_is_lifted(ended, keeper, wang_fang, now):
    order = ended()
    until = (now + CONTACT + 10 * DAY).date()
    retention.place_hold(order.pk, reason="诉讼", until=until, actor=wang_fang, now=now)

    assert counts(keeper, now + CONTACT + 9 * DAY)["reporter-contact"] == 0
    assert counts(keeper, now + CONTACT + 10 * DAY)["reporter-contact"] == 1
    retention.lift_hold(order.pk, reason="判决已生效", actor=wang_fang, now=now + CONTACT)
    assert counts(keeper, now + CONTACT)["reporter-contact"] == 1
    names = (
        Event.objects.filter(subject=order.subject).order_by("seq").values_list("name", flat=True)
    )
    assert list(names)[-2:] == ["workorders.hold-placed", "workorders.hold-lifted"]


@pytest.mark.parametrize(
    ("reason", "until", "error"),
    [
        ("", None, InvalidInput),
        ("字" * 301, None, InvalidInput),
        ("诉讼", date(2026, 11, 25), InvalidInput),
    ],
)
def test_a_hold_needs_a_reason_and_a_day_to_come(bring, wang_fang, now, reason, until, error):
    order = bring(State.REJECTED)
    before = Event.objects.count()

    with pytest.raises(error):
        retention.place_hold(order.pk, reason=reason, until=until, actor=wang_fang, now=now)

    assert (LegalHold.objects.count(), Event.objects.count()) == (0, before)


def test_one_hold_at_a_time_and_none_by_those_who_may_not(
    bring, wang_fang, li_ming, chen_jing, now
):
    from chengzhi.accounts.interface import NotPermitted

    order = bring(State.REJECTED)
    with pytest.raises(NotPermitted):
        retention.place_hold(order.pk, reason="诉讼", actor=li_ming, now=now)
    with pytest.raises(NotVisible):
        retention.place_hold(order.pk, reason="诉讼", actor=chen_jing, now=now)
    with pytest.raises(retention.HoldStands):
        retention.lift_hold(order.pk, reason="诉讼", actor=wang_fang, now=now)
    retention.place_hold(order.pk, reason="诉讼", actor=wang_fang, now=now)
    with pytest.raises(retention.HoldStands):
        retention.place_hold(order.pk, reason="复议", actor=wang_fang, now=now)

    assert LegalHold.objects.count() == 1


def test_pictures_go_with_their_copies_and_leave_their_custody(
    bring, keeper, photograph, li_ming, now
):
    shared = photograph(li_ming)
    own = photograph(li_ming, "far")
    order = bring(State.REJECTED, photos=(shared, own), client_ref="one")
    bring(State.REPORTED, photos=(shared,), client_ref="two")
    evidence.read(li_ming, own.sha256, now=now)
    store = evidence_queries.verify.open_store()

    assert counts(keeper, now + FILES)["pictures"] == 1
    retention.run_retention(actor=keeper, now=now + FILES)

    file = evidence_queries.files.EvidenceFile.objects.get(sha256=own.sha256)
    assert store.size(file.key) is None
    assert (file.erased_at, file.bytes_gone_at) == (now + FILES, now + FILES)
    assert [one.sha256 for one in evidence_queries.files_of(order.subject)] == [shared.sha256]
    assert [event.name for event in evidence_queries.custody(own.sha256)][-1] == "evidence.erased"
    assert list(evidence_queries.faults()) == []
    with pytest.raises(evidence.FileErased):
        evidence.read(li_ming, own.sha256, now=now)
    assert counts(keeper, now + FILES)["pictures"] == 0


def test_erased_bytes_may_come_back_with_another_record(bring, keeper, photograph, li_ming, now):
    own = photograph(li_ming)
    content, _ = evidence.read(li_ming, own.sha256, variant="published", now=now)
    original = evidence_queries.verify.open_store().get(
        evidence_queries.files.EvidenceFile.objects.get(sha256=own.sha256).key
    )
    bring(State.REJECTED, photos=(own,))
    retention.run_retention(actor=keeper, now=now + FILES)

    again = evidence.store(original, name="再交.jpg", actor=li_ming, now=now + FILES)

    assert content
    assert evidence.read(li_ming, again.sha256, now=now)[0]
    assert PhotoRef(sha256=again.sha256, role="near").sha256 == own.sha256


def test_a_reporter_whose_time_has_come_cannot_be_reached_by_an_old_message(ended, keeper, now):
    from chengzhi.notifications.models import Delivery
    from chengzhi.notifications.queries.recipients import address_of

    order = ended()
    row = Delivery.objects.get(recipient=f"reporter:{order.pk}")
    assert address_of(row) == PHONE

    retention.run_retention(actor=keeper, now=now + CONTACT)

    assert address_of(row) == ""


def test_the_console_says_what_it_would_do_and_does_it(ended, keeper, now, monkeypatch):
    order = ended()
    WorkOrder.objects.filter(pk=order.pk).update(ended_at=now - CONTACT)
    out = StringIO()

    call_command("retention", "run", "--dry-run", stdout=out)
    assert "reporter-contact   匿名化 1 件" in out.getvalue()
    assert "没有清除任何内容" in out.getvalue()
    order.refresh_from_db()
    assert order.reporter_phone == PHONE

    call_command("retention", "run", stdout=out)
    order.refresh_from_db()
    assert order.reporter_phone == ""
    assert "已清除 2 行" in out.getvalue()


def test_the_page_shows_the_dry_run_holds_and_register(ended, keeper, wang_fang, now):
    order = ended()
    WorkOrder.objects.filter(pk=order.pk).update(ended_at=now - CONTACT)
    held = ended(client_ref="held")
    retention.place_hold(held.pk, reason="信访核查", actor=wang_fang, now=now)
    client = signed_in(3)

    page = client.get("/retention/").content.decode()
    client.post("/retention/run")
    after = client.get("/retention/").content.decode()
    sheet = client.get("/retention/?export=csv").content.decode("utf-8-sig")

    assert order.code in page
    assert "信访核查" in page
    assert "还没有执行过" in page
    assert RetentionRun.objects.get().batch[:8] in after
    assert "报告人姓名、电话和答复意愿 1" in sheet
    assert signed_in(2).get("/retention/").status_code == 403
    assert signed_in(2).post("/retention/run").status_code == 403


def test_the_record_page_says_when_what_goes_and_takes_a_hold(ended, wang_fang, now):
    order, client = ended(), signed_in(2)
    url = reverse("workorder-detail", args=[order.pk])

    assert "2028-11-24" in client.get(url).content.decode()
    client.post(
        reverse("workorder-deed", args=[order.pk, "place-hold"]), {"reason": "诉讼", "until": ""}
    )
    page = client.get(url).content.decode()
    assert "暂停清除" in page
    assert "恢复清除" in page
    client.post(reverse("workorder-deed", args=[order.pk, "lift-hold"]), {"reason": "撤诉"})
    assert kept(wang_fang, record(wang_fang, order.pk, now=now), now=now).hold is None


def test_merged_and_voided_orders_are_kept_no_longer_than_closed_ones(
    bring, keeper, wang_fang, now
):
    order = bring(State.ACCEPTED, description=SAID)
    file.void(order.pk, reason="重复登记", actor=wang_fang, now=now)

    assert counts(keeper, now + WORDS)["numbers-in-words"] == 1
