"""How a person wants to be told."""

from collections.abc import Collection
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.notifications.events import PreferencesChanged
from chengzhi.notifications.models import Preference
from chengzhi.notifications.queries.texts import template_now
from chengzhi.notifications.types import FOR_PEOPLE, MEDIUM_LABELS, Window


@transaction.atomic
def set_preferences(
    *,
    media: Collection[str],
    muted: Collection[str],
    quiet: Window | None,
    mail: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what somebody chose for themselves.

    :raises InvalidInput: a medium or template that cannot be switched, or a bad address.
    """
    _refuse_unknown(media, muted, mail, now)
    row, _ = Preference.objects.select_for_update().get_or_create(person=actor.ref)
    row.media = " ".join(medium for medium in FOR_PEOPLE if medium in media)
    row.muted = " ".join(sorted(muted))
    row.quiet_from, row.quiet_until = (quiet.begins, quiet.ends) if quiet else (None, None)
    row.mail = mail.strip()
    row.save()
    labels = "、".join(MEDIUM_LABELS[m] for m in FOR_PEOPLE if m in {"in_app", *media})
    event = PreferencesChanged(
        media=labels, muted=row.muted, muted_count=len(muted), quiet=_shown(quiet)
    )
    audit.record(event, subject=f"preferences:{actor.ref}", actor=actor.ref, at=now)


def _refuse_unknown(
    media: Collection[str], muted: Collection[str], mail: str, now: datetime
) -> None:
    if unknown := sorted(set(media) - set(FOR_PEOPLE)):
        raise InvalidInput(f"没有接收方式“{unknown[0]}”，请从页面上选择。", field="media")
    for key in muted:
        if template_now(key, now=now).mandatory:
            label = template_now(key, now=now).label
            raise InvalidInput(f"“{label}”是办案必需的通知，不能关闭。", field="muted")
    if mail.strip():
        try:
            validate_email(mail.strip())
        except ValidationError:
            raise InvalidInput(
                "邮箱地址不对，请检查，例如 name@example.gov。", field="mail"
            ) from None


def _shown(quiet: Window | None) -> str:
    return f"{_clock(quiet.begins)}–{_clock(quiet.ends)}" if quiet else "按本县规定"


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
