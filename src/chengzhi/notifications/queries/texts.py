"""The words of a template: the county's own if it wrote some, else those of the data files."""

from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.calendar import CHINA
from chengzhi.notifications.models import TemplateText
from chengzhi.notifications.rules.templates import template
from chengzhi.notifications.types import Override, Template, Words


def template_now(key: str, *, now: datetime) -> Template:
    """Return a template in force now.

    :raises UnknownTemplate: there is none of this key.
    """
    return template(key, on=now.astimezone(CHINA).date())


def words_in_force(found: Template, *, county: str) -> dict[str, Words]:
    """Return the words of every medium of a template in a county, with one query."""
    own = TemplateText.objects.filter(county=county, template=found.key, ended_at__isnull=True)
    overrides = {row.medium: Words(title=row.title, text=row.text) for row in own}
    return {medium: overrides.get(medium, words) for medium, words in found.words.items()}


def overrides(key: str, *, county: str) -> list[Override]:
    """Return every version a county ever wrote for a template, the latest first."""
    rows = list(
        TemplateText.objects.filter(county=county, template=key).order_by("-created_at", "-pk")
    )
    names = accounts.names_of({row.created_by for row in rows})
    return [
        Override(
            version=row.version,
            template=row.template,
            medium=row.medium,
            title=row.title,
            text=row.text,
            by_name=names.get(row.created_by, row.created_by),
            created_at=row.created_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def overridden(*, county: str) -> set[str]:
    """Return the keys of the templates for which a county has words of its own."""
    rows = TemplateText.objects.filter(county=county, ended_at__isnull=True)
    return set(rows.values_list("template", flat=True))
