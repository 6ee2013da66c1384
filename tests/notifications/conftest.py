"""A small county with people who can be told, and a clock that the tests hold."""

from datetime import date, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Actor, Role
from tests.conftest import COUNTY, DANDONG, actor

SINCE = date(2020, 1, 1)
PEOPLE = (
    (1, "李明", "C01", "13800000001", (Role.COLLECTOR,)),
    (2, "王芳", "C01", "13800000002", (Role.DUTY_MANAGER, Role.DISPATCHER)),
    (4, "周健", "S01", "13800000004", (Role.HANDLER,)),
    (6, "朱建军", "S01", "", (Role.SQUAD_LEADER,)),
    (8, "管理员", "C01", "", (Role.ADMINISTRATOR,)),
    (9, "陈静", "X01", "13800000009", (Role.ADMINISTRATOR,)),
)
UNITS = (("C01", "centre", COUNTY), ("S01", "squad", DANDONG), ("X01", "centre", "330203"))


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def people(db: None, now: datetime) -> None:
    for code, kind, division in UNITS:
        Unit.objects.create(code=code, name=f"单位{code}", kind=kind, division=division)
    for pk, name, unit, mobile, roles in PEOPLE:
        person = Person.objects.create(
            pk=pk,
            username=f"user{pk}",
            name=name,
            unit=Unit.objects.get(code=unit),
            mobile=mobile,
            created_at=now,
            password_changed_at=now,
        )
        for role in roles:
            Post.objects.create(person=person, role=role, valid_from=SINCE)


@pytest.fixture
def admin(people: None) -> Actor:
    return actor("person:8", "管理员", Role.ADMINISTRATOR)


@pytest.fixture
def stranger(people: None) -> Actor:
    return actor("person:9", "陈静", Role.ADMINISTRATOR, unit="X01", division="330203")


def signed_in(pk: int) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(Person.objects.get(pk=pk), backend="chengzhi.accounts.web.KnownPeople")
    return client


@pytest.fixture
def production(settings) -> None:
    """A site in production: the tests give the adapters fakes to talk to."""
    settings.CHENGZHI_OUTSIDE = True
    settings.CHENGZHI_SMS = "https://sms.example.com/send"
    settings.CHENGZHI_MAIL_FROM = "city@example.com"
    settings.EMAIL_HOST = "mail.example.com"
    settings.DEMO = False
