"""Events and builders that exist only for the tests of the log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from chengzhi.audit import interface as audit
from chengzhi.kernel.events import event

START = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


@event("test.thing-done", label="办了一件事", say="办了第 {count} 件事：{note}")
@dataclass(frozen=True, kw_only=True)
class ThingDone:
    count: int
    note: str = "街面整洁"


@event("test.thing-dropped", label="放下一件事", say="放下第 {count} 件事")
@dataclass(frozen=True, kw_only=True)
class ThingDropped:
    count: int


def happen(subject="thing:1", count=1, *, actor="person:1", at=START, shape=ThingDone) -> int:
    with transaction.atomic():
        return audit.record(shape(count=count), subject=subject, actor=actor, at=at)


def story() -> list[int]:
    """Three subjects, interleaved, seven rows; returns their ids."""
    steps = [("thing:1", 1), ("thing:2", 1), ("thing:1", 2), ("thing:10", 1), ("thing:1", 3)]
    steps += [("thing:2", 2), ("thing:1", 4)]
    return [
        happen(subject, count, at=START + timedelta(minutes=number))
        for number, (subject, count) in enumerate(steps)
    ]
