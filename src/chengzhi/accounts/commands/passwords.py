"""Passwords are changed by their owner, or reset by an administrator for the next sign-in."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from chengzhi.accounts.events import PasswordChanged, PasswordReset
from chengzhi.accounts.models import Person
from chengzhi.accounts.queries import visible_people
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput, NotVisible


@transaction.atomic
def change_password(person_id: int, *, old: str, new: str, now: datetime) -> None:
    """Replace one's own password.

    :raises InvalidInput: the old one is wrong, or the new one is weak or the same.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if not person.check_password(old):
        raise InvalidInput("原密码不对，请重新输入。", field="old")
    if old == new:
        raise InvalidInput("新密码不能与原密码相同，请换一个。", field="new")
    refuse_weak(new, person)
    person.set_password(new)
    person.password_changed_at = now
    person.save(update_fields=["password", "password_changed_at"])
    audit.record(PasswordChanged(), subject=person.ref, actor=person.ref, at=now)


@transaction.atomic
def reset_password(person_id: int, *, new: str, actor: Actor, now: datetime) -> None:
    """Give somebody a temporary password, to be replaced at the next sign-in.

    :raises InvalidInput: the password is weak.
    :raises NotVisible: there is no such person, or not for this actor.
    """
    permit(actor, Permission.MANAGE_PEOPLE)
    person = visible_people(actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotVisible("没有这个人员，或者您无权查看。")
    refuse_weak(new, person)
    person.set_password(new)
    person.password_changed_at = None
    person.save(update_fields=["password", "password_changed_at"])
    audit.record(PasswordReset(), subject=person.ref, actor=actor.ref, at=now)


def refuse_weak(password: str, person: Person) -> None:
    """Refuse a password that the configured validators do not accept.

    :raises InvalidInput: the sentence lists everything that is wrong.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput("新密码不合要求：" + "".join(error.messages), field="new") from error
