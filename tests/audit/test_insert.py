"""A row inserted by a kept statement is the row that `save` writes."""

import pytest
from django.db import IntegrityError, models, transaction

from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from tests.audit.happenings import START


def row(subject, **fields):
    given = {"name": "thing.done", "seq": 1, "actor": "person:1", "data": "{}", **fields}
    return Event(subject=subject, happened_at=START, algorithm="sha256", hash="0" * 64, **given)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"seq": 0, "attempts": 3, "data": "", "handled_at": START},
        {"previous": "1" * 64, "failure": 'it\'s 100% "broken"\n%s', "retry_at": START},
    ],
)
def test_an_inserted_row_is_the_row_that_save_writes(fields):
    inserted, saved = row("thing:1", **fields), row("thing:2", **fields)

    audit.insert(inserted)
    saved.save(force_insert=True)

    kept, expected = (Event.objects.values().get(pk=made.pk) for made in (inserted, saved))
    assert kept == {**expected, "id": inserted.pk, "subject": "thing:1"}


@pytest.mark.django_db
def test_an_inserted_row_knows_that_it_is_stored():
    made = row("thing:1")

    audit.insert(made)
    made.attempts = 2
    made.save()

    assert Event.objects.get().attempts == 2


@pytest.mark.django_db
def test_a_refused_row_spoils_its_transaction():
    audit.insert(row("thing:1"))

    with pytest.raises(IntegrityError), transaction.atomic():
        audit.insert(row("thing:1"))
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        spoil_and_go_on()

    assert Event.objects.count() == 1


def spoil_and_go_on():
    try:
        audit.insert(row("thing:1"))
    except IntegrityError:
        Event.objects.count()


@pytest.mark.django_db
def test_a_row_that_has_its_key_is_refused():
    made = row("thing:1", id=7)

    with pytest.raises(AssertionError, match="the database gives the key"):
        audit.insert(made)

    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_model_that_fills_a_column_at_saving_is_refused():
    with pytest.raises(TypeError, match="sets its own value"):
        audit.insert(Stamped())


class Stamped(models.Model):
    at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "tests"
        managed = False
