"""The generator of a million orders keeps up with the tables: its rows and chains are like ours."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import models

from benchmarks.million.ground import Ground, Matter, Spot
from benchmarks.million.lives import Life
from benchmarks.million.tables import rows_of, shapes
from chengzhi.audit.models import Event
from chengzhi.audit.rules import canonical, content_fault, link_fault
from chengzhi.audit.types import Link
from chengzhi.kernel.events import as_data, from_data
from chengzhi.workorders.models import StageRun, WorkOrder
from chengzhi.workorders.rules.limits import as_condition, condition_rows, likely_limit
from chengzhi.workorders.types import OPEN_STATES
from tests.workorders.conftest import COUNTY, DANDONG, LITTER, MANHOLE, STALL

pytestmark = pytest.mark.django_db
ORDERS = 300
MODELS: dict[str, type[models.Model]] = {"orders": WorkOrder, "events": Event, "runs": StageRun}


@pytest.fixture
def ground(now) -> Ground:
    on = now.date()
    found = tuple(
        Matter(
            code=code,
            name="店外“经营”",
            conditions=tuple(as_condition(row) for row in condition_rows(code, on=on)),
            likely=likely_limit(code, on=on),
            words=("占道。",),
        )
        for code in (STALL, LITTER, MANHOLE)
    )
    kinds = {row.handler_kind for matter in found for row in matter.conditions}
    grid = f"{DANDONG}07"
    return Ground(
        county=COUNTY,
        spots=(Spot(121.87, 29.47, "", grid, DANDONG, "", "S01", "", "靖南大街"),),
        matters=found,
        weights=(3, 2, 1),
        channels=(("collector", 2.0), ("hotline", 1.0)),
        to_verify=frozenset({"hotline"}),
        units={"S01": "丹东中队", "D01": "环卫"},
        suggested={(kind, grid): "S01" for kind in {*kinds, ""}},
        centre=("person:2", "person:2"),
        collectors=("person:1",),
        citizens="person:2",
        handler="person:4",
        algorithm="sha256",
    )


@pytest.fixture
def lived(ground, now) -> None:
    """Write the rows of some lives through the tables' own constraints."""
    known = shapes()
    known["events"].settle(handled_at=now, algorithm="sha256")
    written: dict[str, list[models.Model]] = {name: [] for name in MODELS}
    for pk in range(1, ORDERS + 1):
        life = Life(ground, pk, now - timedelta(hours=6 * (ORDERS - pk)), now, seed=7)
        life.live()
        for name, rows in rows_of(life, known).items():
            written[name] += [_object(MODELS[name], row) for row in rows]
    for name, objects in written.items():
        MODELS[name].objects.bulk_create(objects)


def _object(model: type[models.Model], row: list[Any]) -> models.Model:
    values = zip(model._meta.local_concrete_fields, row, strict=True)
    return model(**{field.attname: _aware(field, value) for field, value in values})


def _aware(field: models.Field, value: Any) -> Any:
    is_moment = isinstance(field, models.DateTimeField) and value is not None
    return datetime.fromisoformat(f"{value}+00:00") if is_moment else value


def test_invented_orders_hold_every_constraint_and_some_are_open(lived):
    states = set(WorkOrder.objects.values_list("state", flat=True))

    assert WorkOrder.objects.count() == ORDERS
    assert {"closed", "rejected", "voided"} <= states
    assert WorkOrder.objects.filter(state__in=OPEN_STATES).exists()


def test_invented_chains_are_what_the_log_itself_would_have_written(lived):
    columns = list(Link.__dataclass_fields__)
    before = None

    for values in Event.objects.order_by("subject", "seq").values(*columns):
        link = Link(**values)
        same = before if before and before.subject == link.subject else None
        assert (content_fault(link), link_fault(link, same)) == (None, None)
        assert canonical(as_data(from_data(link.name, json.loads(link.data)))) == link.data
        before = link


def test_an_invented_order_and_its_last_event_say_the_same(lived):
    order = WorkOrder.objects.filter(state="closed").order_by("pk")[0]

    events = Event.objects.filter(subject=order.subject).order_by("seq")
    assert (events.first().name, events.last().name) == (
        "workorders.reported",
        "workorders.closed",
    )
    assert events.last().happened_at == order.ended_at
    assert StageRun.objects.filter(order=order, ended_by="close").count() == 1
