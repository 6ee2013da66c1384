"""What a person chose, and what that means for each message."""

from dataclasses import dataclass
from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.kernel.calendar import CHINA
from chengzhi.notifications.models import Preference
from chengzhi.notifications.queries.recipients import chosen_of, recipients, verdicts
from chengzhi.notifications.queries.texts import template_now
from chengzhi.notifications.rules.templates import quiet_hours, templates
from chengzhi.notifications.types import MEDIUM_LABELS, Chosen, Template, Verdict


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One message and how it would reach the person now."""

    template: Template
    verdicts: tuple[tuple[str, Verdict], ...]  # label of the medium, verdict


def own_choice(actor: Actor, *, now: datetime) -> Chosen:
    """Return what the actor chose."""
    row = Preference.objects.filter(person=actor.ref).first()
    return chosen_of(row, default_quiet=quiet_hours(on=now.astimezone(CHINA).date()))


def has_own_quiet(actor: Actor) -> bool:
    """Return whether the actor set quiet hours of their own."""
    return Preference.objects.filter(person=actor.ref, quiet_from__isnull=False).exists()


def expected(actor: Actor, *, now: datetime) -> list[Expected]:
    """Return, for every message to people, whether it would reach the actor and why not.

    The same function decides when the message is written.
    """
    me = recipients([actor.ref], now=now)
    rows = templates(on=now.astimezone(CHINA).date())
    return [
        Expected(
            template=row,
            verdicts=tuple(
                (MEDIUM_LABELS[how.medium], how) for _, how in verdicts(row, me, now=now)
            ),
        )
        for row in rows
        if "in_app" in row.words
    ]


def would_reach(template: str, ref: str, *, now: datetime) -> tuple[Verdict, ...]:
    """Return whether a message would reach somebody, by each of its media, and why not."""
    found = template_now(template, now=now)
    return tuple(how for _, how in verdicts(found, recipients([ref], now=now), now=now))
