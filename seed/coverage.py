"""The coverage plan of the demo county: cameras by day, squads in the evening, a few gaps."""

from datetime import datetime, timedelta

from chengzhi.workorders.commands.coverage import activate_plan, draft_plan, fill_cells
from chengzhi.workorders.models import CoverageZone
from chengzhi.workorders.queries.coverage import next_monday
from chengzhi.workorders.rules.coverage import coverage_settings
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.coverage import WEEKDAYS, CellChange, Source
from seed import people

BY_SLOT = {
    "morning": (Source.COLLECTOR, Source.AI),
    "midday": (Source.AI, Source.COLLECTOR),
    "afternoon": (Source.COLLECTOR, Source.AI),
    "evening": (Source.SQUAD, Source.AI),
    "night": (Source.AI, ""),
}


def settle(*, now: datetime) -> None:
    """Write a version for the week before last, and the next one, still being written."""
    actor = people.actor("haiyan", now=now)
    since = now - timedelta(days=14)
    plan = draft_plan(starts_on=civil_date(since), note="秋季周计划", actor=actor, now=since)
    zones = list(CoverageZone.objects.filter(plan=plan).order_by("pk"))
    changes = tuple(
        CellChange(zone=zone.pk, weekday=day, slot=slot.key, primary=primary, backup=backup)
        for place, zone in enumerate(zones)
        for day in WEEKDAYS
        for slot in coverage_settings().slots
        for primary, backup in [BY_SLOT[slot.key]]
        if not (place >= 3 and slot.key == "night") and not (place == 5 and day == 7)
    )
    fill_cells(plan.pk, changes=changes, actor=actor, now=since)
    activate_plan(plan.pk, actor=actor, now=since)
    draft_plan(starts_on=next_monday(civil_date(now)), note="下周计划", actor=actor, now=now)
