"""The outbox: at least once, in order, a bounded number of times, never silently lost."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction

from chengzhi.audit import commands, queries
from chengzhi.audit.models import Event
from chengzhi.audit.rules import BACK_OFF, LEASE, MOST_ATTEMPTS
from chengzhi.audit.tasks import drain
from chengzhi.audit.types import Drained
from tests.audit.happenings import START, ThingDone, ThingDropped, happen

DONE, DROPPED = "test.thing-done", "test.thing-dropped"


class Poisoned(Exception):
    """The reaction of a test fails."""


def remember(seen):
    return lambda delivered: seen.append((delivered.subject, delivered.event.count))


def poison(delivered):
    raise Poisoned(f"cannot digest {delivered.id}")


@pytest.mark.django_db
def test_a_reaction_is_given_the_event_again():
    pk = happen("thing:1", 3, actor="person:4")
    given = []

    drained = drain({DONE: (given.append,)}, now=START)

    assert drained == Drained(handled=1)
    (delivered,) = given
    assert (delivered.id, delivered.subject, delivered.actor) == (pk, "thing:1", "person:4")
    assert delivered.event == ThingDone(count=3)
    assert delivered.happened_at == START


@pytest.mark.django_db
def test_handled_events_are_not_given_again():
    happen()
    seen = []
    drain({DONE: (remember(seen),)}, now=START)

    drained = drain({DONE: (remember(seen),)}, now=START + timedelta(hours=2))

    assert drained.is_idle
    assert seen == [("thing:1", 1)]


@pytest.mark.django_db
def test_rows_are_handled_in_order_of_id():
    for subject, count in [("thing:2", 1), ("thing:1", 1), ("thing:2", 2), ("thing:1", 2)]:
        happen(subject, count)
    ids = []

    drain({DONE: (lambda delivered: ids.append(delivered.id),)}, now=START)

    assert len(ids) == 4
    assert [e.subject for e in Event.objects.filter(pk__in=ids[:2]).order_by("pk")] == [
        "thing:2",
        "thing:1",
    ]
    assert all(a < b for a, b in pairwise(ids[:2]))


@pytest.mark.django_db
def test_every_reaction_of_an_event_runs():
    happen()
    first, second = [], []

    drain({DONE: (remember(first), remember(second))}, now=START)

    assert first == second == [("thing:1", 1)]


@pytest.mark.django_db
def test_events_that_nobody_answers_are_settled_at_once(django_assert_max_num_queries):
    for count in range(20):
        happen("thing:1", count, shape=ThingDropped)

    with django_assert_max_num_queries(6):
        drained = drain({DONE: (poison,)}, now=START)

    assert drained == Drained(silent=20)
    assert Event.objects.filter(handled_at=START).count() == 20


@pytest.mark.django_db
def test_a_limit_leaves_the_rest_for_the_next_round():
    for count in range(5):
        happen(f"thing:{count}", count)
    seen = []

    drained = drain({DONE: (remember(seen),)}, now=START, limit=3)

    assert drained == Drained(handled=3)
    assert Event.objects.filter(handled_at__isnull=True).count() == 2


@pytest.mark.django_db
def test_a_worker_that_is_told_to_stop_finishes_the_event_in_hand():
    for count in range(3):
        happen(f"thing:{count}", count)
    seen = []

    drained = drain({DONE: (remember(seen),)}, now=START, should_stop=lambda: len(seen) == 1)

    assert drained == Drained(handled=1)
    assert Event.objects.filter(claimed_by="").count() == 3


@pytest.mark.django_db
def test_a_poison_reaction_is_tried_six_times_with_growing_waits_then_given_up():
    pk = happen()
    moment, waits = START, []

    for _ in range(MOST_ATTEMPTS):
        drain({DONE: (poison,)}, now=moment)
        row = Event.objects.get(pk=pk)
        if row.retry_at:
            waits.append(row.retry_at - moment)
            moment = row.retry_at

    assert tuple(waits) == BACK_OFF
    assert (row.attempts, row.given_up_at, row.handled_at) == (6, moment, None)
    assert row.failure.endswith(f"Poisoned: cannot digest {pk}\n")
    assert drain({DONE: (poison,)}, now=moment + timedelta(days=1)).is_idle


@pytest.mark.django_db
def test_a_failed_event_waits_its_time():
    happen()
    seen = []
    drain({DONE: (poison,)}, now=START)

    early = drain({DONE: (remember(seen),)}, now=START + timedelta(seconds=4))
    later = drain({DONE: (remember(seen),)}, now=START + timedelta(seconds=5))

    assert early.is_idle
    assert later == Drained(handled=1)
    assert seen == [("thing:1", 1)]


@pytest.mark.django_db
def test_what_a_failed_reaction_wrote_is_rolled_back():
    happen()

    def writes_then_fails(delivered):
        happen("thing:9", 9)
        raise Poisoned("after writing")

    drained = drain({DONE: (writes_then_fails,)}, now=START)

    assert drained == Drained(postponed=1)
    assert not Event.objects.filter(subject="thing:9").exists()


@pytest.mark.django_db
def test_a_later_event_of_a_subject_waits_for_the_earlier_one():
    happen("thing:1", 1)
    happen("thing:1", 2)
    happen("thing:2", 1)
    seen = []

    def first_one_fails(delivered):
        if (delivered.subject, delivered.event.count) == ("thing:1", 1):
            raise Poisoned("not yet")
        seen.append((delivered.subject, delivered.event.count))

    drain({DONE: (first_one_fails,)}, now=START)
    assert seen == [("thing:2", 1)]

    drain({DONE: (remember(seen),)}, now=START + timedelta(seconds=5))
    assert seen == [("thing:2", 1), ("thing:1", 1), ("thing:1", 2)]


@pytest.mark.django_db
def test_a_given_up_event_no_longer_holds_its_subject_back():
    first = happen("thing:1", 1)
    happen("thing:1", 2)
    Event.objects.filter(pk=first).update(given_up_at=START)
    seen = []

    drain({DONE: (remember(seen),)}, now=START)

    assert seen == [("thing:1", 2)]


@pytest.mark.django_db
def test_the_claim_of_a_killed_worker_is_retaken_after_the_lease():
    pk = happen()
    seen = []
    assert commands.claim(pk, worker="killed", now=START)

    during = drain({DONE: (remember(seen),)}, now=START + LEASE - timedelta(seconds=1))
    after = drain({DONE: (remember(seen),)}, now=START + LEASE)

    assert during.is_idle
    assert after == Drained(handled=1)
    assert Event.objects.get(pk=pk).attempts == 2


@pytest.mark.django_db
def test_only_one_of_two_workers_claims_a_row():
    pk = happen()

    first = commands.claim(pk, worker="one", now=START)
    second = commands.claim(pk, worker="two", now=START)

    assert (first, second) == (True, False)
    assert Event.objects.get(pk=pk).claimed_by == "one"


@pytest.mark.django_db
def test_a_worker_whose_lease_ran_out_cannot_settle():
    pk = happen()
    commands.claim(pk, worker="slow", now=START)
    commands.claim(pk, worker="fast", now=START + LEASE)

    with pytest.raises(commands.ClaimLost), transaction.atomic():
        commands.settle(pk, worker="slow", now=START + LEASE)

    assert Event.objects.get(pk=pk).handled_at is None


@pytest.mark.django_db
def test_work_done_after_the_lease_is_rolled_back():
    pk = happen()

    def overtaken(delivered):
        happen("thing:9", 9)
        Event.objects.filter(pk=pk).update(claimed_by="another")

    drained = drain({DONE: (overtaken,)}, now=START)

    assert drained == Drained()
    assert not Event.objects.filter(subject="thing:9").exists()
    assert Event.objects.get(pk=pk).handled_at is None


@pytest.mark.django_db
def test_an_event_that_kills_its_worker_each_time_is_given_up():
    pk = happen()
    moment = START
    for _ in range(MOST_ATTEMPTS):
        assert commands.claim(pk, worker="killed", now=moment)
        moment += LEASE

    drained = drain({DONE: (poison,)}, now=moment)

    assert drained == Drained(given_up=1)
    assert Event.objects.get(pk=pk).failure == "工作进程在处理途中退出，已达到最多尝试次数。"


@pytest.mark.django_db
def test_an_event_whose_shape_changed_ends_as_a_dead_letter():
    pk = happen()
    Event.objects.filter(pk=pk).update(data='{"colour":"red"}', attempts=5)

    drained = drain({DONE: (poison,)}, now=START)

    assert drained == Drained(given_up=1)
    assert "TypeError" in queries.dead_letters()[0].failure


@pytest.mark.django_db
def test_a_dead_letter_is_retried_from_the_start_and_leaves_its_trace():
    pk = happen()
    Event.objects.filter(pk=pk).update(given_up_at=START, attempts=6, failure="boom")
    seen = []

    commands.retry(pk, actor="person:7", now=START)
    drained = drain({DONE: (remember(seen),)}, now=START)

    assert drained == Drained(handled=1, silent=1)
    assert seen == [("thing:1", 1)]
    trace = Event.objects.get(name="audit.dead-letter-retried")
    assert (trace.subject, trace.actor) == (f"event:{pk}", "person:7")
    assert trace.data == f'{{"attempts":6,"event_id":{pk}}}'


@pytest.mark.django_db
def test_only_a_dead_letter_can_be_retried():
    pk = happen()

    with pytest.raises(commands.NotGivenUp, match=f"第 {pk} 号事件不在失败清单中"):
        commands.retry(pk, actor="person:7", now=START)

    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_postponing_a_row_of_another_worker_changes_nothing():
    pk = happen()
    commands.claim(pk, worker="one", now=START)

    commands.postpone(pk, worker="two", now=START, failure="boom")

    row = Event.objects.get(pk=pk)
    assert (row.failure, row.claimed_by) == ("", "one")


@pytest.mark.django_db
def test_the_command_lists_and_retries_dead_letters(capsys):
    first, second = happen("thing:1"), happen("thing:2")
    Event.objects.update(given_up_at=START, attempts=6, failure="Traceback\nPoisoned: boom\n")

    call_command("audit", "failures")
    listed = capsys.readouterr().out
    call_command("audit", "retry", str(first))

    assert "thing:1\t办了一件事（test.thing-done）\t尝试 6 次\tPoisoned: boom" in listed
    assert "共 2 个失败事件。" in listed
    assert [letter.id for letter in queries.dead_letters()] == [second]


@pytest.mark.django_db
def test_the_command_retries_all_when_none_is_named(capsys):
    happen("thing:1"), happen("thing:2")
    Event.objects.update(given_up_at=START, attempts=6)

    call_command("audit", "retry")
    call_command("audit", "failures")

    assert "没有失败事件。" in capsys.readouterr().out
