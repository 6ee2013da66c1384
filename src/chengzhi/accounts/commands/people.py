"""People are created, deactivated, and choose how the pages look to them."""

import re
from datetime import datetime

from django.db import transaction

from chengzhi.accounts.commands.known import forget_known
from chengzhi.accounts.commands.passwords import refuse_weak
from chengzhi.accounts.events import PersonCreated, PersonDeactivated
from chengzhi.accounts.models import Person, Unit
from chengzhi.accounts.queries import visible_people, visible_units
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import Actor, Language, Permission, Theme
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
MOBILE = re.compile(r"1[3-9]\d{9}")


class OwnAccount(DomainError):
    """An administrator cannot take away their own access."""

    code = "own-account"
    status = 409


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    unit: str,
    password: str,
    mobile: str = "",
    temporary: bool = False,
    actor: Actor,
    now: datetime,
) -> str:
    """Create a person and return their reference ("person:12").

    A temporary password must be replaced at the first sign-in.

    :raises InvalidInput: a field is malformed, taken, or the password is too weak.
    :raises NotPermitted: the actor may not manage people.
    """
    permit(actor, Permission.MANAGE_PEOPLE)
    _refuse_bad_person(username, name, mobile)
    person = Person(
        username=username,
        name=name.strip(),
        mobile=mobile,
        unit=_unit(unit, actor),
        password_changed_at=None if temporary else now,
        created_at=now,
    )
    refuse_weak(password, person)
    person.set_password(password)
    person.save()
    created = PersonCreated(username=username, person_name=person.name, unit=unit)
    audit.record(created, subject=person.ref, actor=actor.ref, at=now)
    return person.ref


@transaction.atomic
def deactivate(person_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Stop a person from signing in: sessions end with the next request, tokens by `known.FRESH`.

    :raises OwnAccount: the administrator would lock themselves out.
    """
    permit(actor, Permission.MANAGE_PEOPLE)
    person = locked_person(person_id, actor)
    if person.ref == actor.ref:
        raise OwnAccount("不能停用自己的账号，请由另一名系统管理员办理。")
    if not reason.strip():
        raise InvalidInput("请写明停用原因，例如“调离”。", field="reason")
    if not person.is_active:
        raise InvalidInput(f"{person.name}的账号已经停用。", field="person")
    person.is_active = False
    person.save(update_fields=["is_active"])
    forget_known()
    event = PersonDeactivated(
        username=person.username, person_name=person.name, reason=reason.strip()
    )
    audit.record(event, subject=person.ref, actor=actor.ref, at=now)


def set_preferences(person_id: int, *, language: Language, theme: Theme) -> None:
    """Keep the language and theme a person chose for themselves; no event, nobody's business."""
    Person.objects.filter(pk=person_id).update(language=language.value, theme=theme.value)


def locked_person(person_id: int, actor: Actor) -> Person:
    """Return a person the actor may see, locked for the rest of the transaction.

    :raises NotVisible: there is no such person, or not for this actor.
    """
    person = visible_people(actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotVisible("没有这个人员，或者您无权查看。请核对链接，或联系系统管理员。")
    return person


def _refuse_bad_person(username: str, name: str, mobile: str) -> None:
    if not USERNAME.fullmatch(username):
        raise InvalidInput(
            "工号须为 2 至 60 位小写字母、数字、点、横线，例如 zhangsan7。", field="username"
        )
    if not name.strip():
        raise InvalidInput("姓名不能为空。", field="name")
    if mobile and not MOBILE.fullmatch(mobile):
        raise InvalidInput("手机号须为 11 位数字，例如 13800000000。", field="mobile")
    if Person.objects.filter(username=username).exists():
        raise InvalidInput(f"工号 {username} 已被使用，请换一个。", field="username")
    if mobile and Person.objects.filter(mobile=mobile).exists():
        raise InvalidInput("这个手机号已属于另一名人员，请核对。", field="mobile")


def _unit(code: str, actor: Actor) -> Unit:
    unit = visible_units(actor).filter(code=code, closed_on__isnull=True).first()
    if unit is None:
        raise InvalidInput(f"机构 {code or '（空）'} 不存在或已撤销，请重新选择。", field="unit")
    return unit
