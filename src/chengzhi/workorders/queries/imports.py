"""Imports as the administrator's pages show them."""

from django.db.models import QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import ImportRun
from chengzhi.workorders.types.imports import ImportCard, ImportedLine, Outcome

PAGE = 50


def visible_runs(actor: Actor) -> QuerySet[ImportRun]:
    """Return the imports of the actor's county, newest first.

    :raises NotPermitted: the actor may not import.
    """
    accounts.permit(actor, Permission.IMPORT_WORK_ORDERS)
    return ImportRun.objects.filter(county=actor.county or "-").order_by("-pk")


def import_runs(
    actor: Actor, *, source: str = "", before: int | None = None
) -> tuple[list[ImportCard], int, int | None]:
    """Return one page of imports, how many there are, and the key at which the next begins."""
    rows = visible_runs(actor)
    rows = rows.filter(source=source) if source else rows
    count = rows.count()
    rows = rows.filter(pk__lt=before) if before else rows
    page = list(rows.defer("lines", "mapping")[: PAGE + 1])
    following = page[PAGE - 1].pk if len(page) > PAGE else None
    return [_card(row) for row in page[:PAGE]], count, following


def sources(actor: Actor) -> list[str]:
    """Return the systems from which lists have come."""
    return sorted(set(visible_runs(actor).order_by().values_list("source", flat=True)))


def import_run(actor: Actor, pk: int) -> ImportCard:
    """Return one import with the rows of which something is to be said.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    row = visible_runs(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible("没有这次导入，或它不在您的查看范围内。")
    return _card(row, told=tuple(_line(values) for values in row.lines))


def _line(values: dict[str, object]) -> ImportedLine:
    return ImportedLine(**{**values, "outcome": Outcome(str(values["outcome"]))})  # type: ignore[arg-type]


def _card(row: ImportRun, told: tuple[ImportedLine, ...] = ()) -> ImportCard:
    return ImportCard(
        id=row.pk,
        source=row.source,
        file_name=row.file_name,
        started_by_name=audit.names_of([row.started_by])[row.started_by],
        started_at=row.started_at,
        finished_at=row.finished_at,
        total=row.total,
        done=row.done,
        imported=row.imported,
        known=row.known,
        refused=row.refused,
        told=told,
    )
