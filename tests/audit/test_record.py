"""One event, one row, in the transaction of its change."""

import json
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from chengzhi.audit import interface as audit
from chengzhi.audit.models import Event
from tests.audit.happenings import START, ThingDone, happen


@dataclass(frozen=True, kw_only=True)
class Unregistered:
    count: int


@pytest.mark.django_db
def test_rows_of_a_subject_are_numbered_and_chained():
    happen("thing:1", 1)
    happen("thing:2", 1)
    happen("thing:1", 2)

    first, second = Event.objects.filter(subject="thing:1").order_by("seq")
    assert (first.seq, first.previous) == (1, "")
    assert (second.seq, second.previous) == (2, first.hash)
    assert Event.objects.get(subject="thing:2").seq == 1


@pytest.mark.django_db
def test_data_is_canonical_json():
    happen("thing:1", 7)

    row = Event.objects.get()
    assert row.data == '{"count":7,"note":"街面整洁"}'
    assert json.loads(row.data) == {"count": 7, "note": "街面整洁"}


@pytest.mark.django_db
@pytest.mark.parametrize(("algorithm", "tool"), [("sha256", "sha256"), ("sm3", "sm3")])
def test_the_row_names_its_algorithm(settings, algorithm, tool):
    settings.CHENGZHI_HASH = algorithm

    happen()

    row = Event.objects.get()
    assert row.algorithm == tool
    assert len(row.hash) == 64
    assert audit.verify() is None


@pytest.mark.django_db
def test_an_event_that_nobody_registered_is_not_written():
    with pytest.raises(KeyError), transaction.atomic():
        audit.record(Unregistered(count=1), subject="thing:1", actor="person:1", at=START)

    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_recording_costs_one_select_and_one_insert(django_assert_num_queries):
    happen("thing:1", 1)

    with transaction.atomic(), django_assert_num_queries(2):
        audit.record(ThingDone(count=2), subject="thing:1", actor="person:1", at=START)


@pytest.mark.django_db
def test_recording_the_first_row_of_a_new_subject_costs_one_insert(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        audit.record(ThingDone(count=1), subject="thing:1", actor="p", at=START, first=True)

    assert Event.objects.get().seq == 1


@pytest.mark.django_db
def test_a_second_first_row_is_refused_by_the_database():
    happen("thing:1", 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        audit.record(ThingDone(count=2), subject="thing:1", actor="p", at=START, first=True)

    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(audit.NotInTransaction, match=r"test\.thing-done on thing:1"):
        audit.record(ThingDone(count=1), subject="thing:1", actor="person:1", at=START)

    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_time_without_zone_is_refused():
    naive = datetime(2026, 11, 25)  # noqa: DTZ001

    with pytest.raises(ValueError, match="no time zone"), transaction.atomic():
        audit.record(ThingDone(count=1), subject="thing:1", actor="person:1", at=naive)

    assert not Event.objects.exists()


@pytest.mark.django_db
def test_change_and_history_stand_or_fall_together():
    with pytest.raises(RuntimeError, match="power"), transaction.atomic():
        audit.record(ThingDone(count=1), subject="thing:1", actor="person:1", at=START)
        raise RuntimeError("power")

    assert not Event.objects.exists()
