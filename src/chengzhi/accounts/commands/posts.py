"""Posts are given and ended, with dates; the past is never rewritten."""

from datetime import date, datetime

from django.db import transaction

from chengzhi.accounts.commands.known import forget_known
from chengzhi.accounts.commands.people import locked_person
from chengzhi.accounts.events import PostEnded, PostGiven
from chengzhi.accounts.models import Post
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import ROLE_LABELS, Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput


class LastAdministrator(DomainError):
    """An administrator cannot end their own post of administrator."""

    code = "own-account"
    status = 409


@transaction.atomic
def give_post(ref: str, *, role: Role, valid_from: date, actor: Actor, now: datetime) -> int:
    """Give a person a role from a day on and return the post's id.

    :raises InvalidInput: the person holds the role already, or it is not for people.
    """
    permit(actor, Permission.MANAGE_PEOPLE)
    person = locked_person(_id_of(ref), actor)
    if role is Role.SYSTEM:
        raise InvalidInput("“系统”岗位不能授予个人，请选择其他岗位。", field="role")
    if Post.objects.filter(person=person, role=role.value, valid_to__isnull=True).exists():
        raise InvalidInput(
            f"{person.name}已有{ROLE_LABELS[role]}岗位，无需重复授予。", field="role"
        )
    post = Post.objects.create(person=person, role=role.value, valid_from=valid_from)
    forget_known()
    event = PostGiven(role=role.value, label=ROLE_LABELS[role], valid_from=valid_from.isoformat())
    audit.record(event, subject=person.ref, actor=actor.ref, at=now)
    return post.pk


@transaction.atomic
def end_post(ref: str, *, role: Role, valid_to: date, actor: Actor, now: datetime) -> None:
    """End the role a person holds; `valid_to` is the first day without it.

    :raises InvalidInput: the person does not hold the role, or it began later.
    """
    permit(actor, Permission.MANAGE_PEOPLE)
    person = locked_person(_id_of(ref), actor)
    if person.ref == actor.ref and role is Role.ADMINISTRATOR:
        raise LastAdministrator("不能终止自己的系统管理员岗位，请由另一名系统管理员办理。")
    post = Post.objects.filter(person=person, role=role.value, valid_to__isnull=True).first()
    if post is None:
        raise InvalidInput(f"{person.name}没有{ROLE_LABELS[role]}岗位，无需终止。", field="role")
    if valid_to < post.valid_from:
        raise InvalidInput(f"终止日期不能早于授予日期 {post.valid_from}。", field="valid_to")
    post.valid_to = valid_to
    post.save(update_fields=["valid_to"])
    forget_known()
    event = PostEnded(role=role.value, label=ROLE_LABELS[role], valid_to=valid_to.isoformat())
    audit.record(event, subject=person.ref, actor=actor.ref, at=now)


def _id_of(ref: str) -> int:
    number = ref.removeprefix("person:")
    if not number.isdecimal():
        raise InvalidInput(f"“{ref}”不是人员编号，应形如 person:12。", field="person")
    return int(number)
