"""A query that the ORM writes once finds what the query itself finds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Value

from chengzhi.accounts.models import Person, Unit
from chengzhi.audit.queries.statements import Statement

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def people() -> list[Person]:
    unit = Unit.objects.create(code="X01", name="一处", kind="bureau", division="330225")
    return [
        Person.objects.create(
            username=name, name=name, unit=unit, created_at=BEGIN + timedelta(days=day)
        )
        for day, name in enumerate(("an", "bo", "chu"))
    ]


def test_it_finds_rows_with_what_belongs_to_them(people, django_assert_num_queries):
    statement = Statement(lambda key: Person.objects.select_related("unit").filter(pk=key))

    with django_assert_num_queries(2):
        units = [statement.row(person.pk).unit.code for person in people[:2]]

    assert units == ["X01", "X01"]


def test_other_values_find_other_rows(people):
    statement = Statement(
        lambda name, unit: Person.objects.filter(unit__code=unit, username=name).values_list(
            "username", flat=True
        )
    )

    found = [statement.rows("bo", "X01"), statement.rows("chu", "X01"), statement.rows("bo", "X02")]

    assert found == [["bo"], ["chu"], []]


def test_moments_are_compared_as_both_databases_keep_them(people):
    statement = Statement(
        lambda since, until: (
            Person.objects.filter(created_at__gte=since, created_at__lt=until)
            .order_by("-pk")
            .values("username", "created_at")
        )
    )

    found = statement.rows(BEGIN, BEGIN + timedelta(days=2))

    assert found == [
        {"username": "bo", "created_at": BEGIN + timedelta(days=1)},
        {"username": "an", "created_at": BEGIN},
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_may_have_any_length(people, count):
    statement = Statement(lambda *keys: Person.objects.filter(pk__in=keys).order_by("pk"))

    found = statement.rows(*(person.pk for person in people[:count]))

    assert found == people[:count]


def test_one_value_may_stand_in_several_places_of_joined_queries(people):
    statement = Statement(
        lambda key: (
            Person.objects.filter(pk=key)
            .annotate(what=Value("person"))
            .values_list("what")
            .union(Unit.objects.filter(pk=key).annotate(what=Value("unit")).values_list("what"))
        )
    )

    assert statement.rows(10**9) == []
    assert ("person",) in statement.rows(people[0].pk)


def test_nothing_is_asked_where_the_orm_knows_that_there_is_nothing(django_assert_num_queries):
    statement = Statement(lambda key: Person.objects.none().filter(pk=key))

    with django_assert_num_queries(0):
        found = statement.row(1)

    assert found is None


def test_none_is_refused_because_no_row_would_ever_equal_it(people):
    statement = Statement(lambda name: Person.objects.filter(username=name))

    with pytest.raises(TypeError):
        statement.rows(None)
