"""The administrator of the county, signed in by tests of pages."""

import pytest
from django.core.cache import cache

from chengzhi.accounts import queries
from chengzhi.accounts.models import Person
from chengzhi.accounts.types import Actor, Role
from tests.accounts.people import SINCE, person, unit


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def centre(db) -> str:
    return unit()


@pytest.fixture
def admin(centre) -> Person:
    return person("admin", "管理员", Role.ADMINISTRATOR)


@pytest.fixture
def administrator(admin) -> Actor:
    return queries.actor_of(admin, on=SINCE)


@pytest.fixture
def stranger(db) -> Person:
    """陈静, an administrator of another county: she must see nothing."""
    from tests.accounts.people import ELSEWHERE

    unit("X01", name="外区中心", division="330203", actor=ELSEWHERE)
    return person("chenjing", "陈静", Role.ADMINISTRATOR, unit="X01", actor=ELSEWHERE)
