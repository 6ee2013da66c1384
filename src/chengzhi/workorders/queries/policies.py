"""The published policies for what collectors handle themselves."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import SpotPolicy
from chengzhi.workorders.queries.paging import newest
from chengzhi.workorders.rules.fieldwork import READERS
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import POLICY_KIND_LABELS, PolicyKind, PolicyRow


def policy_for(
    county: str, matter: str, *, now: datetime, kind: PolicyKind = PolicyKind.SPOT
) -> PolicyRow | None:
    """Return the policy in force that lets a collector handle a matter, or a camera check it.

    The newest, if there are several.
    """
    on = civil_date(now)
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    rows = SpotPolicy.objects.filter(in_force, county=county, kind=kind).order_by("-pk")
    return next((p for p in _policies(rows) if matter.startswith(p.matter_prefixes)), None)


def policy_book(
    actor: Actor, *, now: datetime, ended: bool = False, after: int = 0, size: int = 50
) -> tuple[tuple[PolicyRow, ...], int, int | None]:
    """Return a page of policies in force or ended, newest first; how many; and the next key.

    :raises NotPermitted: the actor may not read them.
    """
    accounts.require(actor, *READERS)
    rows = SpotPolicy.objects.filter(_view(civil_date(now), ended), county=actor.county)
    found, next_key = newest(rows, after=after, size=size)
    return tuple(_policies(found)), rows.count(), next_key


def _view(on: date, ended: bool) -> Q:
    return Q(valid_to__lte=on) if ended else Q(valid_to__isnull=True) | Q(valid_to__gt=on)


def _policies(rows: Iterable[SpotPolicy]) -> list[PolicyRow]:
    found = list(rows)
    names = accounts.names_of({row.answerable for row in found})
    return [
        PolicyRow(
            id=row.pk,
            kind=row.kind,
            kind_label=POLICY_KIND_LABELS[row.kind],
            title=row.title,
            document=row.document,
            matter_prefixes=tuple(row.matter_prefixes.split()),
            sample_percent=row.sample_percent,
            answerable=row.answerable,
            answerable_name=names.get(row.answerable, row.answerable),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in found
    ]
