"""上报: a report becomes a work order, once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.privacy import redacted
from chengzhi.places import interface as places
from chengzhi.places.types import Located, Point
from chengzhi.workorders.commands.taking import attach_all, ends_of
from chengzhi.workorders.events import WorkOrderReported
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.here import duplicates_of
from chengzhi.workorders.rules.limits import civil_date, likely_kind, matter_name
from chengzhi.workorders.rules.nearby import lattice
from chengzhi.workorders.rules.reports import CHANNEL_ROLES, require_well_formed
from chengzhi.workorders.types import CHANNEL_LABELS, Nearby, Report, Reported, State


def report(received: Report, *, actor: Actor, now: datetime) -> Reported:
    """Make a work order of a report; the same `client_ref` gives the same order again.

    Three statements in one transaction: the look for duplicates, the order, the event. Whether
    the reference came before is left to the unique constraint, so two senders cannot race.

    :raises NotPermitted: the actor may not speak for the channel.
    :raises InvalidInput: a field is malformed.
    """
    accounts.require(actor, *sorted(CHANNEL_ROLES[received.channel]))
    require_well_formed(received, now=now)
    try:
        return _register(received, actor=actor, now=now)
    except IntegrityError:
        before = _made_before(received.client_ref, county=actor.county)
        if before is None:
            raise
        return before


@transaction.atomic
def _register(received: Report, *, actor: Actor, now: datetime) -> Reported:
    matter, on = received.matter_code, civil_date(now)
    name = matter_name(matter, on=on)
    place = places.locate(Point(lon=received.lon, lat=received.lat), now=now)
    found = duplicates_of(actor.county, received.lon, received.lat, matter=matter, at=now)
    suggestion = directory(actor.county, now=now).suggest(
        matter=matter,
        place=place,
        handler_kind=likely_kind(matter, on=on),
        at=now,
        lon=received.lon,
        lat=received.lat,
    )
    order = WorkOrder(
        **_said(received, now),
        **_place(received, place),
        county=actor.county,
        year=on.year,
        matter_name=name,
        reported_by=actor.ref,
        reported_at=now,
        suggested_unit=suggestion.unit,
        suggested_rule=suggestion.rule,
    )
    order.enter(State.REPORTED, now=now, ends=ends_of(order, State.REPORTED, now=now))
    audit.insert(order)
    event = _reported(order, received, found)
    audit.record(event, subject=order.subject, actor=actor.ref, at=now, first=True)
    attach_all(order, received.photos, actor=actor, now=now)
    return Reported(id=order.pk, code=order.code, state=order.state, duplicates=found)


def _said(received: Report, now: datetime) -> dict[str, Any]:
    return {
        "channel": received.channel,
        "client_ref": received.client_ref,
        "matter_code": received.matter_code,
        "component_code": received.component_code,
        "address": redacted(received.address.strip()),  # shown in every list
        "description": received.description.strip(),
        "reporter_name": received.reporter_name.strip(),
        "reporter_phone": received.reporter_phone.strip(),
        "reporter_wish": str(received.reporter_wish),
        "occurred_at": received.occurred_at or now,
        "finding": received.finding.ref if received.finding else "",
        "finding_evidence": _plain(asdict(received.finding)) if received.finding else None,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in values.items()
    }


def _place(received: Report, place: Located) -> dict[str, Any]:
    return {
        "lon": received.lon,
        "lat": received.lat,
        "lattice": lattice(received.lon, received.lat),
        "cell": place.cell,
        "grid": place.grid,
        "town": place.town,
        "community": place.community,
        "squad": place.squad,
        "road": place.road,
    }


def _reported(order: WorkOrder, received: Report, found: tuple[Nearby, ...]) -> WorkOrderReported:
    return WorkOrderReported(
        code=order.code,
        channel=order.channel,
        channel_label=CHANNEL_LABELS[order.channel],
        matter_code=order.matter_code,
        matter_name=order.matter_name,
        lon=order.lon,
        lat=order.lat,
        cell=order.cell,
        grid=order.grid,
        town=order.town,
        address=order.address,
        photo_count=len(received.photos),
        duplicate_count=len(found),
        duplicates=[near.id for near in found],
        suggested_unit=order.suggested_unit,
        client_ref=order.client_ref,
        finding=order.finding,
    )


def _made_before(client_ref: str, *, county: str) -> Reported | None:
    rows = WorkOrder.objects.filter(county=county, client_ref=client_ref).exclude(client_ref="")
    order = rows.first()
    if order is None:
        return None
    found = duplicates_of(
        county,
        order.lon,
        order.lat,
        matter=order.matter_code,
        at=order.reported_at,
        besides=order.pk,
    )
    return Reported(
        id=order.pk, code=order.code, state=order.state, duplicates=found, created=False
    )
