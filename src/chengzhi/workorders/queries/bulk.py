"""Many work orders at once: which ones a filter means, and what became of a run."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import BulkRun
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.lists import listed
from chengzhi.workorders.rules.words import code_text
from chengzhi.workorders.types import BulkOutcome, BulkResult, Details, Filters


def matching(actor: Actor, filters: Filters, *, now: datetime, most: int) -> dict[int, str]:
    """Return the keys and numbers of what a list shows, at most so many, the most urgent first."""
    rows = listed(actor, filters, now=now).order_by("stage_due_at", "pk")
    return {pk: code_text(year, pk) for pk, year in rows.values_list("pk", "year")[:most]}


def chosen(actor: Actor, keys: set[int]) -> dict[int, str]:
    """Return the numbers of chosen work orders that the actor may see, the most urgent first."""
    rows = visible_to(actor).filter(pk__in=keys).order_by("stage_due_at", "pk")
    return {pk: code_text(year, pk) for pk, year in rows.values_list("pk", "year")}


def run(actor: Actor, pk: int) -> BulkResult:
    """Return one's own run.

    :raises NotVisible: there is none, or it is somebody else's.
    """
    found = BulkRun.objects.filter(pk=pk, person=actor.ref).first()
    if found is None:
        raise NotVisible("没有这次批量办理，或它不是您办的。")
    lines = [_outcome(line) for line in found.lines]
    return BulkResult(
        id=found.pk,
        title=found.title,
        at=found.created_at,
        done=tuple(line for line in lines if line.is_done),
        refused=tuple(line for line in lines if not line.is_done),
    )


def _outcome(line: dict[str, object]) -> BulkOutcome:
    details = Details(**line["details"])  # type: ignore[arg-type]
    return BulkOutcome(**{**line, "details": details})  # type: ignore[arg-type]
