"""Somebody signed in with a role, and pages rendered without a database."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Role
from tools.messages import compile_catalogue

compile_catalogue()  # Django reads the compiled catalogue once a process
SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None, now: datetime) -> SignIn:
    """Sign in a person who holds the roles, in the centre of a county."""

    def make(*roles: Role, division: str = "330225", name: str = "王芳") -> Client:
        unit, _ = Unit.objects.get_or_create(
            code=f"C{division}", name="指挥中心", kind="centre", division=division
        )
        person = Person.objects.create(
            username=f"user{Person.objects.count()}",
            name=name,
            unit=unit,
            created_at=now,
            password_changed_at=now,
        )
        for role in roles:
            Post.objects.create(person=person, role=role, valid_from=date(2020, 1, 1))
        client = Client(raise_request_exception=False)
        client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
        return client

    return make
