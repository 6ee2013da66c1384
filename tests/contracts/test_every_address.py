"""Every address is asked by nobody, by a stranger and by every role: none may break or leak."""

import re
from datetime import date
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Role

PUBLIC = {
    "login",
    "logout",
    "health",
    "ready",
    "offline",
    "service-worker",
    "set-language",
    # what may be reported and where: the specification asks for it without a key (docs/open311.md)
    "open311-root-discovery",
    "open311-discovery",
    "open311-services",
}
UNKNOWN = "a" * 64
STANDINS = {"int": "987654", "str": "nothing", "slug": "nothing", "path": "nothing"}
COUNTY = "330225"
ROLES = [role for role in Role if role is not Role.SYSTEM]


def addresses(patterns=None, prefix="", names=()):
    """Yield (address with stand-in arguments, name) for every pattern."""
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route, names)
        elif isinstance(pattern, URLPattern):
            yield _filled(route, pattern.pattern.converters), pattern.name or route


def _filled(route, converters):
    for name, converter in converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        value = STANDINS.get(kind, UNKNOWN)
        for spelled in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(spelled, value)
    route = re.sub(r"\(\?P<sha256>[^)]*\)", UNKNOWN, route)
    route = re.sub(r"\(\?P<\w+>(\w+)[^)]*\)", r"\1", route)  # the first of several words
    return "/" + route.lstrip("^").rstrip("$")


ADDRESSES = sorted(set(addresses()))


@pytest.fixture
def sign_in(db, settings):
    settings.CHENGZHI_RAIL_SECONDS = 60  # the numbers of the rail are counted once a walk

    def make(*roles: Role, division: str = COUNTY) -> Client:
        unit = Unit.objects.create(
            code=f"U{division}", name="单位", kind="centre", division=division
        )
        person = Person.objects.create(
            username="somebody",
            name="某人",
            unit=unit,
            created_at=timezone.now(),
            password_changed_at=timezone.now(),
        )
        for role in roles:
            Post.objects.create(person=person, role=role, valid_from=date(2020, 1, 1))
        client = Client(raise_request_exception=False)
        client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
        return client

    return make


def names_a_record(address: str) -> bool:
    """Tell whether the address holds the stand-in of a record, which nobody finds."""
    return any(value in address for value in (*STANDINS.values(), UNKNOWN))


PLACES = [one for one in ADDRESSES if not names_a_record(one[0])]


def broken(client: Client, walked, *methods: str) -> list[tuple[str, str, int]]:
    """Return every address of the walk that answers with a fault of the server."""
    answers = [
        (name, method, getattr(client, method)(address).status_code)
        for (address, name), method in product(walked, methods)
        if name != "logout"
    ]
    assert len(answers) > 50
    return [answer for answer in answers if answer[2] >= 500]


def test_there_are_addresses_to_ask():
    assert len(ADDRESSES) > 30


@pytest.mark.django_db
def test_nobody_sees_anything_without_signing_in():
    client = Client(raise_request_exception=False)

    answers = {name: client.get(address).status_code for address, name in ADDRESSES}

    open_doors = {name for name, status in answers.items() if status == 200} - PUBLIC
    assert open_doors == set()
    assert {name for name, status in answers.items() if status >= 500} == set()


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_no_place_breaks_for_a_role(sign_in, role):
    """What a page shows depends on the role: each reads every place that needs no record."""
    assert broken(sign_in(role), PLACES, "get") == []


@pytest.mark.parametrize("division", [COUNTY, "330203"])
def test_no_address_breaks_for_who_holds_every_post(sign_in, division):
    """Past every permission: what an empty form or a missing record does depends on no role."""
    assert broken(sign_in(*ROLES, division=division), ADDRESSES, "get", "post") == []


@pytest.mark.one_database
def test_no_address_breaks_for_who_holds_no_post(sign_in):
    assert broken(sign_in(), ADDRESSES, "get", "post") == []
