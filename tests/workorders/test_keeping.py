"""Saved views shared in a unit, stars and watches, mentions, live numbers, columns, the sheet."""

import json

import pytest

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from chengzhi.workorders.commands import marks, notes, settings, views
from chengzhi.workorders.models import OrderMark, SavedView
from chengzhi.workorders.queries.marks import watchers_of
from chengzhi.workorders.queries.mentions import colleagues
from chengzhi.workorders.queries.views import opening, saved_views
from chengzhi.workorders.types import Mark, State
from tests.workorders.conftest import SINCE, signed_in, text

pytestmark = pytest.mark.usefixtures("county")


def kept(actor, now, name="丹东"):
    return settings.save_view(name=name, query="town=330225001", actor=actor, now=now)


def test_a_shared_view_is_among_the_tabs_of_ones_unit_and_of_nobody_else(
    wang_fang, li_ming, zhou_jian, now
):
    pk = kept(wang_fang, now)
    before = saved_views(li_ming)

    views.share_view(pk, is_shared=True, actor=wang_fang, now=now)

    (shared,) = saved_views(li_ming)
    assert before == []
    assert (shared.name, shared.is_own, shared.owner_name) == ("丹东", False, "王芳")
    assert saved_views(zhou_jian) == []


def test_only_its_owner_changes_a_view(wang_fang, li_ming, now):
    pk = kept(wang_fang, now)
    views.share_view(pk, is_shared=True, actor=wang_fang, now=now)

    for deed in (
        lambda: views.rename_view(pk, name="我的", actor=li_ming, now=now),
        lambda: views.share_view(pk, is_shared=False, actor=li_ming, now=now),
        lambda: settings.drop_view(pk, actor=li_ming),
    ):
        with pytest.raises(NotVisible):
            deed()

    assert SavedView.objects.get().name == "丹东"
    assert SavedView.objects.get().unit == "C01"


def test_a_view_is_renamed_but_never_to_a_name_that_is_taken(wang_fang, now):
    pk, _other = kept(wang_fang, now), kept(wang_fang, now, "石浦")

    views.rename_view(pk, name="丹东两处", actor=wang_fang, now=now)
    with pytest.raises(InvalidInput, match="已有名为“石浦”"):
        views.rename_view(pk, name="石浦", actor=wang_fang, now=now)

    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["丹东两处", "石浦"]


def test_the_list_opens_with_the_default_view_and_all_stays_one_click_away(centre, wang_fang, now):
    views.open_with(kept(wang_fang, now), actor=wang_fang, now=now)

    assert centre.get("/work-orders/")["Location"] == "/work-orders/?town=330225001"
    assert centre.get("/work-orders/?view=all").status_code == 200
    views.open_with(None, actor=wang_fang, now=now)
    assert centre.get("/work-orders/").status_code == 200


def test_a_default_view_that_is_no_longer_shared_is_forgotten(wang_fang, li_ming, now):
    pk = kept(wang_fang, now)
    views.share_view(pk, is_shared=True, actor=wang_fang, now=now)
    views.open_with(pk, actor=li_ming, now=now)
    assert opening(saved_views(li_ming)) == "town=330225001"

    views.share_view(pk, is_shared=False, actor=wang_fang, now=now)

    assert opening(saved_views(li_ming)) == ""


def test_nobody_opens_with_a_view_that_is_not_theirs(wang_fang, zhou_jian, now):
    with pytest.raises(NotVisible):
        views.open_with(kept(wang_fang, now), actor=zhou_jian, now=now)

    assert opening(saved_views(zhou_jian)) == ""


@pytest.mark.parametrize(
    ("deed", "then"), [("share", "C01"), ("unshare", ""), ("open-with", ""), ("open-plain", "")]
)
def test_a_view_is_changed_by_button(centre, wang_fang, now, deed, then):
    pk = kept(wang_fang, now)

    answer = centre.post(f"/work-orders/views/{pk}/{deed}/")

    assert answer.status_code == 302
    assert SavedView.objects.get().unit == then
    assert centre.post(f"/work-orders/views/{pk}/burn/").status_code == 404


def test_a_view_is_saved_for_the_unit_and_renamed_by_button(centre):
    centre.post("/work-orders/views/", {"name": "在办", "query": "open=1", "share": "1"})
    view = SavedView.objects.get()

    centre.post(f"/work-orders/views/{view.pk}/rename/", {"name": "全部在办"})

    view.refresh_from_db()
    assert (view.unit, view.name) == ("C01", "全部在办")


# Stars and watches.


def test_a_star_and_a_watch_are_put_on_and_taken_off_by_their_owner_only(
    bring, wang_fang, li_ming, now
):
    order = bring()

    for _ in range(2):
        marks.set_mark(order.pk, Mark.WATCH, on=True, actor=wang_fang, now=now)
    marks.set_mark(order.pk, Mark.WATCH, on=False, actor=li_ming, now=now)

    assert watchers_of(order.subject) == {wang_fang.ref}
    assert OrderMark.objects.count() == 1
    marks.set_mark(order.pk, Mark.WATCH, on=False, actor=wang_fang, now=now)
    assert watchers_of(order.subject) == frozenset()
    assert watchers_of("finding:1") == frozenset()


def test_nobody_marks_what_they_do_not_see(bring, chen_jing, now):
    with pytest.raises(NotVisible):
        marks.set_mark(bring().pk, Mark.STAR, on=True, actor=chen_jing, now=now)

    assert not OrderMark.objects.exists()


def test_stars_and_watches_have_their_lists(centre, bring, today):
    starred, watched, _plain = (bring(at=today) for _ in range(3))

    centre.post(f"/work-orders/{starred.pk}/mark/star/", {"on": "1"})
    htmx = {"HX-Request": "true"}
    part = centre.post(f"/work-orders/{watched.pk}/mark/watch/", {"on": "1"}, headers=htmx)

    assert [row.id for row in centre.get("/work-orders/?star=1").context["rows"]] == [starred.pk]
    assert [row.id for row in centre.get("/work-orders/?watch=1").context["rows"]] == [watched.pk]
    assert 'aria-pressed="true" data-key="W"' in text(part)
    assert centre.post(f"/work-orders/{starred.pk}/mark/heart/").status_code == 404


# Mentions.


def mentioned():
    rows = Event.objects.filter(name="workorders.mentioned").order_by("pk")
    return [json.loads(row.data)["person"] for row in rows]


def test_a_remark_tells_whom_it_names(bring, wang_fang, now, events):
    order = bring()

    notes.comment(order.pk, text="@李明 请再看一次，@赵强 也看一下", actor=wang_fang, now=now)

    assert mentioned() == ["person:1", "person:3"]
    assert events(order)[-3:] == ["commented", "mentioned", "mentioned"]


def test_whoever_may_not_see_the_record_is_not_mentioned(bring, wang_fang, now):
    notes.comment(bring().pk, text="@周健 @周小燕 @陈静 @没有此人 看一下", actor=wang_fang, now=now)

    assert mentioned() == []  # not their task, not their beat, another county, nobody


def test_two_people_of_one_name_are_told_apart_by_the_picker(bring, wang_fang, now):
    twin = Person.objects.create(
        pk=20, username="twin", name="李明", unit=Unit.objects.get(code="C01"), created_at=now
    )
    Post.objects.create(person=twin, role="dispatcher", valid_from=SINCE)
    order = bring()

    notes.comment(order.pk, text="@李明 看一下", actor=wang_fang, now=now)
    notes.comment(order.pk, text="@李明 看", actor=wang_fang, now=now, mentions=(twin.ref,))

    assert mentioned() == [twin.ref]


def test_the_picker_offers_only_who_may_see_the_record(bring, wang_fang, chen_jing, now):
    order, task = bring(), bring(State.HANDLING)

    offered = [one.name for one in colleagues(wang_fang, order.pk, text="周", now=now)]
    of_task = [one.name for one in colleagues(wang_fang, task.pk, text="周", now=now)]

    assert offered == []
    assert of_task == ["周健"]
    with pytest.raises(NotVisible):
        colleagues(chen_jing, order.pk, text="", now=now)


def test_a_mention_is_made_by_form(centre, bring, today):
    order = bring(at=today)

    offered = text(centre.get(f"/work-orders/{order.pk}/people/?q=李"))
    centre.post(f"/work-orders/{order.pk}/comment/", {"text": "@李明 看", "mention": "person:1"})

    assert 'data-ref="person:1"' in offered
    assert mentioned() == ["person:1"]


# Live numbers, columns, the sheet.


def test_live_numbers_are_parts_that_go_where_they_stand(centre, bring, today):
    bring(at=today)
    bring(State.FILED, at=today)

    rail, tabs = text(centre.get("/live/")), text(centre.get("/work-orders/tabs/"))
    desk = text(centre.get("/desk/live/?count=1"))

    assert '<span id="rail-workorder-desk" hx-swap-oob="innerHTML"><b' in rail
    assert '<em id="tab-open" hx-swap-oob="innerHTML">2</em>' in tabs
    assert '<em id="queue-all" hx-swap-oob="innerHTML">2</em>' in desk
    assert "新到 1 件，刷新队列" in desk


def test_a_strangers_numbers_count_nothing_of_ours(stranger, bring, today):
    bring(at=today)

    assert '<em id="tab-open" hx-swap-oob="innerHTML">0</em>' in text(
        stranger.get("/work-orders/tabs/")
    )


def test_columns_and_density_are_remembered(centre, bring, today):
    bring(at=today)

    usual = text(centre.get("/work-orders/"))
    centre.post("/work-orders/columns/", {"column": ["grid", "nonsense"], "density": "compact"})
    chosen = text(centre.get("/work-orders/"))

    assert ">处置单位</th>" in usual and ">责任网格</th>" not in usual
    assert ">处置单位</th>" not in chosen and ">责任网格</th>" in chosen
    assert "cards compact" in chosen


def test_filters_that_are_on_are_chips_that_can_be_taken_off(centre, bring, today):
    bring(at=today)

    page = text(centre.get("/work-orders/?text=靖南&grid=330225001&mine=1"))

    for words in ("文字：靖南", "责任网格：330225001", "范围：我经手的"):
        assert words in page


def test_the_sheet_carries_facts_timeline_and_a_code_that_leads_back(
    centre, stranger, bring, today
):
    order = bring(State.DISPATCHED, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/print/"))

    assert "<h1>派遣单</h1>" in page
    assert f"http://testserver/work-orders/{order.pk}/" in page
    assert "<svg" in page and "丹东中队" in page and "上报" in page
    assert stranger.get(f"/work-orders/{order.pk}/print/").status_code == 404


def test_the_desk_offers_rows_to_choose_and_the_bar(centre, bring, today):
    order = bring(at=today)

    page = text(centre.get("/desk/"))

    assert f'form="bulk" name="id" value="{order.pk}"' in page
    assert 'name="deed" value="accept"' in page


def test_nobodys_marks_are_anothers(bring, wang_fang, now):
    order = bring()
    marks.set_mark(order.pk, Mark.STAR, on=True, actor=wang_fang, now=now)

    assert "star-on" in text(signed_in(2).get("/work-orders/"))
    assert "star-on" not in text(signed_in(1).get("/work-orders/"))
