"""Several workers at once, and the worker program."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from chengzhi.audit import queries
from chengzhi.audit.management.commands import worker
from chengzhi.audit.models import Event
from chengzhi.audit.tasks import drain
from tests.audit.happenings import START, happen

DONE = "test.thing-done"
TICKED = []
SEEN = []
REACTIONS = {}


def tick(now):
    TICKED.append(now)


def broken_tick(now):
    raise RuntimeError("no such table")


@pytest.fixture
def wired(settings):
    TICKED.clear(), SEEN.clear()
    REACTIONS[DONE] = (lambda delivered: SEEN.append(delivered.subject),)
    settings.CHENGZHI_REACTIONS = f"{__name__}.REACTIONS"
    settings.CHENGZHI_TICKS = [f"{__name__}.broken_tick", f"{__name__}.tick"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_queue_without_doubles_and_in_order():
    for count in range(1, 6):
        for subject in range(8):
            happen(f"thing:{subject}", count)
    lock, seen, start, failed = threading.Lock(), [], threading.Barrier(3), []

    def react(delivered):
        with lock:
            seen.append((delivered.subject, delivered.event.count))

    def work():
        try:
            start.wait()
            for _ in range(20):
                drain({DONE: (react,)}, now=START, limit=5)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    drain({DONE: (react,)}, now=START + timedelta(minutes=2))

    assert failed == []
    assert Counter(seen) == {(f"thing:{s}", c): 1 for s in range(8) for c in range(1, 6)}
    for subject in range(8):
        assert [c for s, c in seen if s == f"thing:{subject}"] == [1, 2, 3, 4, 5]
    assert not Event.objects.filter(handled_at__isnull=True).exists()
    assert queries.verify() is None


@pytest.mark.django_db(transaction=True)
def test_one_round_of_the_worker_drains_and_ticks(wired):
    happen("thing:1")

    call_command("worker", "--once")

    assert SEEN == ["thing:1"]
    assert len(TICKED) == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_stops_when_told(wired, settings):
    happen("thing:1")
    happen("thing:2")
    program = worker.Command()
    settings.CHENGZHI_TICKS = []
    REACTIONS[DONE] = (lambda d: (SEEN.append(d.subject), program.stop.set()),)

    call_command(program, "--interval", "0.01")

    assert SEEN == ["thing:1"]
    assert Event.objects.filter(handled_at__isnull=True).count() == 1


class Away(dict):
    """Reactions read through a connection that the server has closed."""

    def __iter__(self):
        raise OperationalError("server closed the connection")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_makes_the_worker_rest():
    assert worker.drain_once(Away(), now=START) is True
