"""Units, people and posts: created, ended, never deleted, always recorded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chengzhi.accounts import commands, queries
from chengzhi.accounts import interface as accounts
from chengzhi.accounts.commands.people import OwnAccount
from chengzhi.accounts.commands.posts import LastAdministrator
from chengzhi.accounts.commands.units import UnitInUse
from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Language, PersonFilters, Role, Theme, UnitKind
from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from chengzhi.kernel.errors import InvalidInput, NotVisible
from tests.accounts.people import NOW, PASSWORD, ROOT, SINCE, person, unit

TODAY = date(2026, 11, 25)


def create(**changes):
    fields = {"username": "wangfang", "name": "王芳", "unit": "C01", "password": PASSWORD}
    return commands.create_person(**{**fields, **changes}, actor=ROOT, now=NOW)


def create_unit(**changes):
    fields = {"code": "S01", "name": "丹东中队", "kind": UnitKind.SQUAD, "division": "330225001"}
    return commands.create_unit(**{**fields, **changes}, actor=ROOT, now=NOW)


@pytest.mark.django_db
def test_a_unit_is_created_under_its_parent_and_recorded(centre):
    create_unit(parent="C01")

    squad = Unit.objects.get(code="S01")
    assert (squad.parent.code, squad.kind) == ("C01", "squad")
    assert audit.history("unit:S01")[0].sentence == "新增机构 丹东中队（S01）"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": ""}, "code", "只能用字母和数字"),
        ({"code": "S/1"}, "code", "只能用字母和数字"),
        ({"code": "中队1"}, "code", "只能用字母和数字"),
        ({"code": "S" * 19}, "code", "最多 18 位"),
        ({"code": "C01"}, "code", "机构代码 C01 已被使用"),
        ({"name": "  "}, "name", "机构名称不能为空"),
        ({"division": "330203"}, "division", "须以本县代码 330225 开头"),
        ({"division": "33022x"}, "division", "须以本县代码"),
        ({"parent": "Z99"}, "parent", "上级机构 Z99 不存在"),
    ],
)
def test_a_bad_unit_is_refused_by_field(centre, changes, field, words):
    before = Event.objects.count()

    with pytest.raises(InvalidInput, match=words) as refusal:
        create_unit(**changes)

    assert refusal.value.field == field
    assert (Unit.objects.count(), Event.objects.count()) == (1, before)


@pytest.mark.django_db
def test_an_empty_unit_is_closed_once(centre):
    commands.close_unit("C01", closed_on=TODAY, actor=ROOT, now=NOW)

    assert Unit.objects.get().closed_on == TODAY
    assert audit.history("unit:C01")[-1].label == "撤销机构"
    with pytest.raises(UnitInUse, match="已于 2026-11-25 撤销"):
        commands.close_unit("C01", closed_on=TODAY, actor=ROOT, now=NOW)


@pytest.mark.django_db
def test_a_unit_with_people_stays_open(centre):
    person()

    with pytest.raises(UnitInUse, match="还有 1 名在岗人员"):
        commands.close_unit("C01", closed_on=TODAY, actor=ROOT, now=NOW)

    assert Unit.objects.get().closed_on is None


@pytest.mark.django_db
def test_a_unit_with_open_units_below_stays_open(centre):
    create_unit(parent="C01")

    with pytest.raises(UnitInUse, match="还有下级机构"):
        commands.close_unit("C01", closed_on=TODAY, actor=ROOT, now=NOW)


@pytest.mark.django_db
def test_a_unit_of_another_county_is_not_there(stranger):
    with pytest.raises(NotVisible, match="没有这个机构"):
        commands.close_unit("X01", closed_on=TODAY, actor=ROOT, now=NOW)

    assert Unit.objects.get().closed_on is None


@pytest.mark.django_db
def test_a_person_is_created_and_recorded_without_the_password(centre):
    ref = create(mobile="13800000001")

    made = Person.objects.get()
    assert (ref, made.mobile, made.password_changed_at) == (made.ref, "13800000001", NOW)
    assert made.check_password(PASSWORD)
    assert PASSWORD not in made.password
    (entry,) = audit.history(ref)
    assert entry.sentence == "新增人员 王芳（wangfang），所在机构 C01"
    assert PASSWORD not in str(entry.data)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"username": "王芳"}, "username", "工号须为"),
        ({"username": "a"}, "username", "工号须为"),
        ({"username": "taken"}, "username", "工号 taken 已被使用"),
        ({"name": " "}, "name", "姓名不能为空"),
        ({"mobile": "12345"}, "mobile", "手机号须为 11 位"),
        ({"mobile": "13800000009"}, "mobile", "已属于另一名人员"),
        ({"unit": "Z99"}, "unit", "机构 Z99 不存在"),
        ({"password": "short1"}, "new", "密码"),
        ({"password": "12345678901"}, "new", "密码"),
        ({"password": "wangfang-wangfang"[:8]}, "new", "密码"),
    ],
)
def test_a_bad_person_is_refused_by_field(centre, changes, field, words):
    person("taken", "李明", mobile="13800000009")
    before = Event.objects.count()

    with pytest.raises(InvalidInput, match=words) as refusal:
        create(**changes)

    assert refusal.value.field == field
    assert (Person.objects.count(), Event.objects.count()) == (1, before)


@pytest.mark.django_db
def test_only_those_who_manage_people_create_them(centre, wang_fang):
    with pytest.raises(accounts.NotPermitted, match="须由系统管理员办理"):
        commands.create_person(
            username="x1", name="x", unit="C01", password=PASSWORD, actor=wang_fang, now=NOW
        )

    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_person_is_deactivated_with_a_reason(administrator):
    li_ming = person("liming", "李明")

    commands.deactivate(li_ming.pk, reason="调离", actor=administrator, now=NOW)

    li_ming.refresh_from_db()
    assert not li_ming.is_active
    assert audit.history(li_ming.ref)[-1].sentence == "停用人员 李明（liming）：调离"
    with pytest.raises(InvalidInput, match="已经停用"):
        commands.deactivate(li_ming.pk, reason="调离", actor=administrator, now=NOW)


@pytest.mark.django_db
def test_deactivating_needs_a_reason_and_another_account(administrator, admin):
    li_ming = person("liming", "李明")

    with pytest.raises(InvalidInput, match="请写明停用原因"):
        commands.deactivate(li_ming.pk, reason=" ", actor=administrator, now=NOW)
    with pytest.raises(OwnAccount, match="不能停用自己的账号"):
        commands.deactivate(admin.pk, reason="调离", actor=administrator, now=NOW)

    assert Person.objects.filter(is_active=True).count() == 2


@pytest.mark.django_db
def test_posts_hold_from_their_day_until_their_end(centre):
    li_ming = person("liming", "李明")
    commands.give_post(li_ming.ref, role=Role.COLLECTOR, valid_from=TODAY, actor=ROOT, now=NOW)
    end = TODAY + timedelta(days=10)
    commands.end_post(li_ming.ref, role=Role.COLLECTOR, valid_to=end, actor=ROOT, now=NOW)

    held = [
        queries.roles_of(li_ming.pk, on=TODAY + timedelta(days=days)) for days in (-1, 0, 9, 10)
    ]

    assert held == [set(), {Role.COLLECTOR}, {Role.COLLECTOR}, set()]
    assert [entry.label for entry in audit.history(li_ming.ref)] == [
        "新增人员",
        "授予岗位",
        "终止岗位",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "words"), [(Role.SYSTEM, "不能授予个人"), (Role.COLLECTOR, "无需重复授予")]
)
def test_a_post_that_makes_no_sense_is_refused(centre, role, words):
    li_ming = person("liming", "李明", Role.COLLECTOR)

    with pytest.raises(InvalidInput, match=words):
        commands.give_post(li_ming.ref, role=role, valid_from=TODAY, actor=ROOT, now=NOW)

    assert Post.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "valid_to", "words"),
    [
        (Role.HANDLER, TODAY, "没有处置人员岗位"),
        (Role.COLLECTOR, SINCE - timedelta(days=1), "不能早于授予日期"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused(centre, role, valid_to, words):
    li_ming = person("liming", "李明", Role.COLLECTOR)

    with pytest.raises(InvalidInput, match=words):
        commands.end_post(li_ming.ref, role=role, valid_to=valid_to, actor=ROOT, now=NOW)

    assert Post.objects.get().valid_to is None


@pytest.mark.django_db
def test_an_administrator_keeps_their_own_post(administrator, admin):
    with pytest.raises(LastAdministrator, match="不能终止自己的系统管理员岗位"):
        commands.end_post(
            admin.ref, role=Role.ADMINISTRATOR, valid_to=TODAY, actor=administrator, now=NOW
        )

    assert Post.objects.get().valid_to is None


@pytest.mark.django_db
def test_a_reference_that_names_nobody_is_refused(centre):
    with pytest.raises(InvalidInput, match="不是人员编号"):
        commands.give_post("li ming", role=Role.COLLECTOR, valid_from=TODAY, actor=ROOT, now=NOW)


@pytest.mark.django_db
def test_people_of_another_county_are_not_there(administrator, stranger):
    with pytest.raises(NotVisible):
        queries.access_person(administrator, stranger.pk)
    with pytest.raises(NotVisible):
        commands.give_post(
            stranger.ref, role=Role.LEADER, valid_from=TODAY, actor=administrator, now=NOW
        )

    page = queries.people(administrator, PersonFilters(), on=TODAY)
    assert [found.username for found in page.people] == ["admin"]


@pytest.mark.django_db
def test_without_the_permission_one_sees_only_oneself(centre):
    li_ming, _ = person("liming", "李明", Role.COLLECTOR), person("other", "周健", Role.HANDLER)
    actor = queries.actor_of(li_ming, on=TODAY)

    assert [p.username for p in queries.visible_people(actor)] == ["liming"]
    assert not queries.visible_people(replace(actor, ref="system:x")).exists()
    assert not queries.visible_people(replace(actor, division="")).exists()
    assert not queries.visible_units(replace(actor, division="")).exists()


@pytest.mark.django_db
def test_the_list_pages_by_key_and_filters(administrator):
    unit("S01", name="丹东中队")
    for number in range(5):
        person(f"p{number}", f"人{number}", Role.HANDLER, unit="S01")

    first = queries.people(administrator, PersonFilters(unit="S01"), on=TODAY, limit=3)
    rest = queries.people(
        administrator, PersonFilters(unit="S01"), on=TODAY, after=first.next_key, limit=3
    )

    assert [p.username for p in first.people] == ["p0", "p1", "p2"]
    assert [p.username for p in rest.people] == ["p3", "p4"]
    assert (first.count, rest.next_key) == (5, None)
    by_role = queries.people(administrator, PersonFilters(role="administrator"), on=TODAY)
    assert [p.username for p in by_role.people] == ["admin"]
    by_name = queries.people(administrator, PersonFilters(text="人4"), on=TODAY)
    assert [p.username for p in by_name.people] == ["p4"]


@pytest.mark.django_db
def test_the_list_costs_a_fixed_number_of_queries(administrator, django_assert_num_queries):
    for number in range(5):
        person(f"p{number}", f"人{number}", Role.HANDLER, Role.COLLECTOR)

    with django_assert_num_queries(3):
        queries.people(administrator, PersonFilters(), on=TODAY)
    with django_assert_num_queries(2):
        accounts.people_in("C01", on=TODAY)


@pytest.mark.django_db
def test_people_in_a_unit_come_with_their_roles(centre):
    li_ming = person("liming", "李明", Role.COLLECTOR)

    (found,) = accounts.people_in("C01", on=TODAY)

    assert (found.ref, found.name, found.roles) == (li_ming.ref, "李明", {Role.COLLECTOR})
    assert accounts.people_in("C01", on=SINCE - timedelta(days=1))[0].roles == frozenset()


@pytest.mark.django_db
def test_references_are_named(centre):
    li_ming = person("liming", "李明")

    names = accounts.names_of([li_ming.ref, "unit:C01", "person:999", "system:worker"])

    assert names == {
        li_ming.ref: "李明",
        "unit:C01": "智慧城管指挥中心",
        "person:999": "person:999",
        "system:worker": "system:worker",
    }


@pytest.mark.django_db
def test_the_log_knows_what_people_are_called(administrator):
    li_ming = person("liming", "李明", actor=administrator)

    entry = audit.history(li_ming.ref)[0]

    assert entry.actor_name == "管理员"
    assert accounts.person_ref("liming") == li_ming.ref
    assert accounts.person_ref("nobody") is None


@pytest.mark.django_db
def test_units_are_listed_by_code(centre):
    create_unit(parent="C01")

    listed = accounts.unit_refs(county="330225")

    assert [(u.code, u.parent) for u in listed] == [("C01", ""), ("S01", "C01")]
    assert accounts.unit_refs(county="330203") == []


@pytest.mark.django_db
def test_preferences_are_kept(centre):
    li_ming = person("liming", "李明")

    commands.set_preferences(li_ming.pk, language=Language.ENGLISH, theme=Theme.DARK)

    kept = queries.preferences(li_ming.pk)
    assert (kept.language, kept.theme) == (Language.ENGLISH, Theme.DARK)


@pytest.mark.django_db
def test_the_system_actor_is_named_for_its_task():
    actor = accounts.system_actor("deadlines", division="330225")

    assert (actor.ref, actor.roles) == ("system:deadlines", {Role.SYSTEM})
