"""A county's own words for a template: a new version each time, the old ones stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.notifications.events import TemplateChanged, TemplateRestored
from chengzhi.notifications.models import TemplateText
from chengzhi.notifications.queries.texts import template_now
from chengzhi.notifications.rules.templates import require_sound
from chengzhi.notifications.types import MEDIUM_LABELS, Words


@transaction.atomic
def override_text(
    template: str, *, medium: str, title: str, text: str, actor: Actor, now: datetime
) -> int:
    """Write a county's own words for a message and return their version.

    :raises InvalidInput: an unknown field, an empty or too long text, a medium it does not use.
    :raises NotPermitted: the actor may not change messages.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    found = template_now(template, now=now)
    if medium not in found.words:
        raise InvalidInput("此类通知不走这种方式，请选择页面上列出的方式。", field="medium")
    words = Words(title=title.strip(), text=text.strip())
    require_sound(words, known=found.fields)
    rows = TemplateText.objects.filter(county=actor.county, template=template, medium=medium)
    version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
    rows.filter(ended_at__isnull=True).update(ended_at=now)
    TemplateText.objects.create(
        county=actor.county,
        template=template,
        medium=medium,
        version=version,
        title=words.title,
        text=words.text,
        created_by=actor.ref,
        created_at=now,
    )
    event = TemplateChanged(
        template=found.label,
        medium=MEDIUM_LABELS[medium],
        version=version,
        title=words.title,
        words=words.text,
    )
    audit.record(event, subject=_subject(actor, template), actor=actor.ref, at=now)
    return version


@transaction.atomic
def restore_text(template: str, *, medium: str, actor: Actor, now: datetime) -> None:
    """Go back to the words that come with the platform.

    :raises InvalidInput: the county has no words of its own.
    """
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    found = template_now(template, now=now)
    own = TemplateText.objects.filter(
        county=actor.county, template=template, medium=medium, ended_at__isnull=True
    )
    if not own.update(ended_at=now):
        raise InvalidInput("本县没有改过这段文本，无需恢复。", field="medium")
    event = TemplateRestored(template=found.label, medium=MEDIUM_LABELS[medium])
    audit.record(event, subject=_subject(actor, template), actor=actor.ref, at=now)


def _subject(actor: Actor, template: str) -> str:
    return f"notice-template:{actor.county}:{template}"
