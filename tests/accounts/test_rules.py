"""Who may: roles, permissions, tokens, and the page made of them."""

from datetime import timedelta

import pytest

from chengzhi.accounts.rules import (
    NotPermitted,
    holders,
    may,
    needs_note,
    permissions_page,
    permit,
    require,
    token_digest,
)
from chengzhi.accounts.types import (
    PERMISSION_SENTENCES,
    ROLE_LABELS,
    ROLE_PERMISSIONS,
    ROLE_SCOPES,
    Actor,
    Permission,
    Role,
    Scope,
)
from chengzhi.audit.rules import READERS, RETRIERS


def test_a_role_that_is_held_is_enough(wang_fang):
    assert require(wang_fang, Role.DUTY_MANAGER, Role.LEADER) is None


def test_a_missing_role_is_named_with_who_may(li_ming):
    with pytest.raises(NotPermitted) as refusal:
        require(li_ming, Role.DUTY_MANAGER, "dispatcher")

    assert refusal.value.sentence == (
        "此操作须由值班长、派遣员办理，李明没有这一岗位。请转交或联系系统管理员。"
    )
    assert refusal.value.status == 403


def test_a_permission_is_refused_with_its_sentence_and_its_holders(li_ming):
    with pytest.raises(NotPermitted) as refusal:
        permit(li_ming, Permission.RETRY_EVENTS)

    assert refusal.value.sentence == (
        "“重新处理失败的事件”须由系统管理员办理，李明没有这一岗位。请转交或联系系统管理员。"
    )


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_has_a_sentence_and_a_holder(permission):
    assert PERMISSION_SENTENCES[permission]
    assert holders(permission)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_label_a_scope_and_permissions(role):
    assert ROLE_LABELS[role]
    assert role in ROLE_SCOPES
    assert role in ROLE_PERMISSIONS


def test_the_system_never_reads_originals_or_unmasks():
    system = Actor(ref="system:x", name="系统", roles=frozenset({Role.SYSTEM}))

    assert not may(system, Permission.READ_ORIGINALS)
    assert not may(system, Permission.UNMASK)


def test_the_log_opens_to_the_same_roles_as_the_permission_table_says():
    assert {role.value for role in holders(Permission.READ_LOG)} == READERS
    assert {role.value for role in holders(Permission.RETRY_EVENTS)} == RETRIERS


def test_the_widest_scope_of_the_roles_holds():
    both = Actor(ref="p", name="p", roles=frozenset({Role.COLLECTOR, Role.TOWN_OFFICER}))

    assert both.scope is Scope.DIVISION
    assert Actor(ref="p", name="p").scope is Scope.NOTHING


def test_a_use_is_noted_once_a_minute(now):
    assert needs_note(None, now=now)
    assert not needs_note(now - timedelta(seconds=59), now=now)
    assert needs_note(now - timedelta(seconds=60), now=now)


def test_a_token_is_kept_as_its_sha256():
    assert token_digest("abc").startswith("ba7816bf8f01cfea")


def test_the_page_names_every_role_and_permission():
    page = permissions_page()

    assert all(f"| `{role}` | {ROLE_LABELS[role]} |" in page for role in Role)
    assert all(f"| `{p}` | {PERMISSION_SENTENCES[p]} |" in page for p in Permission)
    assert "| `retry_events` | 重新处理失败的事件 | `administrator`, `system` |" in page
