"""Passwords and tokens: strong, hashed, expiring, scoped."""

from datetime import timedelta

import pytest

from chengzhi.accounts import commands
from chengzhi.accounts import interface as accounts
from chengzhi.accounts.models import Token
from chengzhi.accounts.types import Role, TokenScope
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible
from tests.accounts.people import ELSEWHERE, NOW, PASSWORD, ROOT, person

NEW = "another-quiet-morning"


def issue(*scopes, actor=ROOT, days=30, **fields):
    return commands.issue_token(
        name=fields.pop("name", "一号识别机"),
        scopes=scopes or (TokenScope.VISION,),
        expires_at=NOW + timedelta(days=days),
        actor=actor,
        now=NOW,
        **fields,
    )


@pytest.mark.django_db
def test_a_password_is_changed_by_its_owner(centre):
    li_ming = person("liming", "李明", temporary=True)

    commands.change_password(li_ming.pk, old=PASSWORD, new=NEW, now=NOW)

    li_ming.refresh_from_db()
    assert li_ming.check_password(NEW)
    assert li_ming.password_changed_at == NOW
    assert audit.history(li_ming.ref)[-1].label == "修改密码"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("wrong", NEW, "old", "原密码不对"),
        (PASSWORD, PASSWORD, "new", "不能与原密码相同"),
        (PASSWORD, "short", "new", "新密码不合要求"),
        (PASSWORD, "1234567890123", "new", "新密码不合要求"),
        (PASSWORD, "password123", "new", "新密码不合要求"),
        (PASSWORD, "liming-2026", "new", "新密码不合要求"),
    ],
)
def test_a_bad_new_password_changes_nothing(centre, old, new, field, words):
    li_ming = person("liming", "李明")

    with pytest.raises(InvalidInput, match=words) as refusal:
        commands.change_password(li_ming.pk, old=old, new=new, now=NOW)

    li_ming.refresh_from_db()
    assert refusal.value.field == field
    assert li_ming.check_password(PASSWORD)
    assert len(audit.history(li_ming.ref)) == 1


@pytest.mark.django_db
def test_a_reset_password_must_be_replaced(administrator):
    li_ming = person("liming", "李明")

    commands.reset_password(li_ming.pk, new=NEW, actor=administrator, now=NOW)

    li_ming.refresh_from_db()
    assert li_ming.check_password(NEW)
    assert li_ming.password_changed_at is None
    assert audit.history(li_ming.ref)[-1].actor_name == "管理员"


@pytest.mark.django_db
def test_a_stranger_resets_nobody(centre):
    li_ming = person("liming", "李明")

    with pytest.raises(NotVisible):
        commands.reset_password(li_ming.pk, new=NEW, actor=ELSEWHERE, now=NOW)

    li_ming.refresh_from_db()
    assert li_ming.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_token_is_shown_once_and_kept_as_a_hash():
    issued = issue()

    kept = Token.objects.get()
    assert issued.plain.startswith("cz_")
    assert len(issued.plain) == 46
    assert issued.plain not in (kept.digest, kept.name)
    assert len(kept.digest) == 64
    (entry,) = audit.history(f"token:{issued.id}")
    assert entry.sentence.startswith("签发令牌 一号识别机，权限 vision，")
    assert issued.plain not in str(entry.data)


@pytest.mark.django_db
def test_a_machine_token_acts_as_the_system_of_its_county():
    issued = issue(TokenScope.VISION, TokenScope.API)

    actor = accounts.authenticate(issued.plain, scope="vision", now=NOW)

    assert (actor.ref, actor.name, actor.county) == ("system:一号识别机", "一号识别机", "330225")
    assert actor.roles == {Role.SYSTEM}


@pytest.mark.django_db
def test_a_persons_token_acts_as_the_person(administrator):
    li_ming = person("liming", "李明", Role.COLLECTOR)
    issued = issue(TokenScope.API, actor=administrator, person_id=li_ming.pk)

    actor = accounts.authenticate(issued.plain, scope="api", now=NOW)

    assert (actor.ref, actor.roles) == (li_ming.ref, {Role.COLLECTOR})


@pytest.mark.django_db
def test_every_dead_token_is_refused_with_its_reason(administrator):
    li_ming = person("liming", "李明")
    good, revoked = issue(), issue()
    left = issue(person_id=li_ming.pk)
    commands.revoke_token(revoked.id, actor=ROOT, now=NOW)
    commands.deactivate(li_ming.pk, reason="调离", actor=administrator, now=NOW)
    later = NOW + timedelta(days=30)

    for plain, scope, at, words in [
        ("cz_unknown", "vision", NOW, "令牌无效或已吊销"),
        (revoked.plain, "vision", NOW, "令牌无效或已吊销"),
        (good.plain, "vision", later, "已过期"),
        (good.plain, "api", NOW, "不能用于此接口，请申请含 api 权限"),
        (left.plain, "vision", NOW, "持有人已停用"),
    ]:
        with pytest.raises(accounts.TokenRefused, match=words) as refusal:
            accounts.authenticate(plain, scope=scope, now=at)
        assert refusal.value.status == 401

    assert not Token.objects.filter(last_used_at__isnull=False).exists()


@pytest.mark.django_db
def test_the_last_use_is_written_once_a_minute(django_assert_num_queries):
    issued = issue()
    accounts.authenticate(issued.plain, scope="vision", now=NOW)

    with django_assert_num_queries(1):
        accounts.authenticate(issued.plain, scope="vision", now=NOW + timedelta(seconds=59))
    accounts.authenticate(issued.plain, scope="vision", now=NOW + timedelta(seconds=61))

    assert Token.objects.get().last_used_at == NOW + timedelta(seconds=61)


@pytest.mark.django_db
def test_a_token_is_looked_up_once_in_five_seconds(django_assert_num_queries):
    issued = issue()
    first = accounts.authenticate(issued.plain, scope="vision", now=NOW)

    with django_assert_num_queries(0):
        again = accounts.authenticate(
            issued.plain, scope="vision", now=NOW + timedelta(seconds=4.9)
        )
    with django_assert_num_queries(1):
        accounts.authenticate(issued.plain, scope="vision", now=NOW + timedelta(seconds=5))

    assert again == first


@pytest.mark.django_db
def test_a_revocation_elsewhere_holds_here_after_five_seconds():
    issued = issue()
    accounts.authenticate(issued.plain, scope="vision", now=NOW)
    Token.objects.update(revoked_at=NOW)  # as another process does

    still = accounts.authenticate(issued.plain, scope="vision", now=NOW + timedelta(seconds=4))
    with pytest.raises(accounts.TokenRefused, match="令牌无效或已吊销"):
        accounts.authenticate(issued.plain, scope="vision", now=NOW + timedelta(seconds=5))

    assert still.ref == "system:一号识别机"


@pytest.mark.django_db
def test_a_token_in_use_is_refused_at_once_after_every_change(administrator):
    li_ming = person("liming", "李明", Role.COLLECTOR)
    personal, machine = issue(actor=administrator, person_id=li_ming.pk), issue()
    short = issue(days=1)

    def used(issued, *, scope="vision", at=NOW):
        return accounts.authenticate(issued.plain, scope=scope, now=at)

    near_its_end = NOW + timedelta(days=1) - timedelta(seconds=1)
    before = [used(personal).roles, used(machine).roles, used(short, at=near_its_end).roles]
    accounts.give_post(
        li_ming.ref, role=Role.HANDLER, valid_from=NOW.date(), actor=administrator, now=NOW
    )
    given = used(personal).roles
    commands.end_post(
        li_ming.ref, role=Role.HANDLER, valid_to=NOW.date(), actor=administrator, now=NOW
    )
    ended = used(personal).roles
    commands.deactivate(li_ming.pk, reason="调离", actor=administrator, now=NOW)
    commands.revoke_token(machine.id, actor=ROOT, now=NOW)

    assert before == [{Role.COLLECTOR}, {Role.SYSTEM}, {Role.SYSTEM}]
    assert (given, ended) == ({Role.COLLECTOR, Role.HANDLER}, {Role.COLLECTOR})
    for issued, scope, at, words in [
        (personal, "vision", NOW, "持有人已停用"),
        (machine, "vision", NOW, "令牌无效或已吊销"),
        (short, "api", near_its_end, "不能用于此接口"),
        (short, "vision", near_its_end + timedelta(seconds=1), "已过期"),
    ]:
        with pytest.raises(accounts.TokenRefused, match=words):
            used(issued, scope=scope, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "字" * 61}, "name"),
        ({"days": 0}, "expires_at"),
        ({"days": 367}, "expires_at"),
    ],
)
def test_a_bad_token_is_refused_by_field(fields, field):
    with pytest.raises(InvalidInput) as refusal:
        issue(**fields)

    assert refusal.value.field == field
    assert not Token.objects.exists()


@pytest.mark.django_db
def test_a_token_without_scope_is_refused():
    with pytest.raises(InvalidInput, match="至少选择一项权限"):
        commands.issue_token(
            name="x", scopes=(), expires_at=NOW + timedelta(days=1), actor=ROOT, now=NOW
        )


@pytest.mark.django_db
def test_a_token_is_revoked_once_and_by_its_own_county():
    issued = issue()

    with pytest.raises(NotVisible):
        commands.revoke_token(issued.id, actor=ELSEWHERE, now=NOW)
    commands.revoke_token(issued.id, actor=ROOT, now=NOW)
    with pytest.raises(InvalidInput, match="已经吊销"):
        commands.revoke_token(issued.id, actor=ROOT, now=NOW)

    assert [entry.label for entry in audit.history(f"token:{issued.id}")] == [
        "签发令牌",
        "吊销令牌",
    ]


@pytest.mark.django_db
def test_only_those_who_may_issue_tokens_do(wang_fang):
    with pytest.raises(accounts.NotPermitted, match="签发、吊销接口令牌"):
        issue(actor=wang_fang)

    assert not Token.objects.exists()


def test_a_rate_limit_refuses_above_its_number_and_opens_with_the_next_window():
    for _ in range(3):
        accounts.limit_rate("door:1", most=3, per_s=60, now=NOW)

    with pytest.raises(accounts.TooManyRequests, match="请 60 秒后再试") as refusal:
        accounts.limit_rate("door:1", most=3, per_s=60, now=NOW)
    accounts.limit_rate("door:2", most=3, per_s=60, now=NOW)
    accounts.limit_rate("door:1", most=3, per_s=60, now=NOW + timedelta(seconds=60))

    assert refusal.value.status == 429
