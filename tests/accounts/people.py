"""Builders of units, people and posts, through the commands."""

from datetime import UTC, date, datetime

from chengzhi.accounts import commands
from chengzhi.accounts.models import Person
from chengzhi.accounts.types import Actor, Role, UnitKind

NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
PASSWORD = "harbour-lantern-77"
SINCE = date(2024, 1, 1)
ROOT = Actor(ref="system:set-up", name="系统", roles=frozenset({Role.SYSTEM}), division="330225")
ELSEWHERE = Actor(
    ref="system:set-up", name="系统", roles=frozenset({Role.SYSTEM}), division="330203"
)


def unit(code="C01", *, name="智慧城管指挥中心", division="330225", actor=ROOT, parent="") -> str:
    return commands.create_unit(
        code=code,
        name=name,
        kind=UnitKind.CENTRE,
        division=division,
        parent=parent,
        actor=actor,
        now=NOW,
    )


def person(
    username="wangfang",
    name="王芳",
    *roles: Role,
    unit="C01",
    mobile="",
    temporary=False,
    actor=ROOT,
) -> Person:
    ref = commands.create_person(
        username=username,
        name=name,
        unit=unit,
        password=PASSWORD,
        mobile=mobile,
        temporary=temporary,
        actor=actor,
        now=NOW,
    )
    for role in roles:
        commands.give_post(ref, role=role, valid_from=SINCE, actor=actor, now=NOW)
    return Person.objects.get(username=username)
