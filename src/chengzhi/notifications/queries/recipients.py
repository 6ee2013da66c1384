"""Whom a message is for, and how each of them may be reached."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import ContactRef, Role
from chengzhi.kernel.calendar import CHINA
from chengzhi.notifications.models import Delivery, Preference, Subscription
from chengzhi.notifications.queries.parties import contact_of
from chengzhi.notifications.rules.sending import DISTURBING, after_quiet, verdict
from chengzhi.notifications.rules.templates import quiet_hours
from chengzhi.notifications.types import (
    FOR_PEOPLE,
    Chosen,
    Contact,
    Medium,
    Recipient,
    Template,
    Verdict,
    Window,
)

UNIT_ROLES = frozenset({Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER})
NOBODY = "没有这个人，或已停用"


def refs_of(to: Iterable[str], *, county: str, now: datetime) -> list[str]:
    """Return the references that the recipients stand for, each once, in order.

    `person:12` and `reporter:12` stand for themselves, `unit:S01` for those who handle there,
    `role:duty_manager` for everybody in the county who holds the post today.
    """
    found: dict[str, None] = {}
    for one in to:
        found |= dict.fromkeys(_stands_for(one, county=county, now=now))
    return list(found)


def _stands_for(one: str, *, county: str, now: datetime) -> list[str]:
    kind, _, value = one.partition(":")
    on = now.astimezone(CHINA).date()
    if kind == "unit":
        members = accounts.people_in(value, on=on)
        return [person.ref for person in members if not person.roles.isdisjoint(UNIT_ROLES)]
    if kind == "role":
        return list(accounts.people_holding(Role(value), county=county, on=on))
    return [one] if value else []


def recipients(refs: Collection[str], *, now: datetime) -> list[Recipient]:
    """Return how each reference may be reached, in order, with two queries."""
    people = accounts.contacts_of(refs)
    rows = {row.person: row for row in Preference.objects.filter(person__in=list(people))}
    quiet = quiet_hours(on=now.astimezone(CHINA).date())
    return [
        _person(people[ref], rows.get(ref), quiet) if ref in people else _other(ref, quiet)
        for ref in refs
    ]


def _person(person: ContactRef, row: Preference | None, quiet: Window | None) -> Recipient:
    chosen = chosen_of(row, default_quiet=quiet)
    reachable = {Medium.IN_APP}
    if person.mobile:
        reachable.add(Medium.SMS)
    if chosen.mail:
        reachable.add(Medium.MAIL)
    return Recipient(
        ref=person.ref,
        name=person.name,
        reachable=frozenset(reachable),
        chosen=chosen.media,
        muted=chosen.muted,
        quiet=chosen.quiet,
    )


def _other(ref: str, quiet: Window | None) -> Recipient:
    contact = contact_of(ref) or Contact(name="", media=frozenset(), refusal=NOBODY)
    return Recipient(
        ref=ref,
        name=contact.name,
        reachable=contact.media,
        quiet=quiet,
        refusal=contact.refusal,
    )


def chosen_of(row: Preference | None, *, default_quiet: Window | None) -> Chosen:
    """Return what a person chose; in-app is always on, and the rest until it is switched off."""
    if row is None:
        return Chosen(media=frozenset(FOR_PEOPLE), muted=frozenset(), quiet=default_quiet)
    own = None
    if row.quiet_from is not None and row.quiet_until is not None:
        own = Window(begins=row.quiet_from, ends=row.quiet_until)
    return Chosen(
        media=frozenset({Medium.IN_APP.value, *row.media.split()}),
        muted=frozenset(row.muted.split()),
        quiet=own or default_quiet,
        mail=row.mail,
    )


def site_media() -> frozenset[str]:
    """Return the media that this site has; a rehearsal shows all of them and sends none."""
    if not settings.CHENGZHI_OUTSIDE:
        return frozenset(FOR_PEOPLE)
    has = {
        Medium.IN_APP: True,
        Medium.SMS: bool(settings.CHENGZHI_SMS),
        Medium.MAIL: bool(settings.CHENGZHI_MAIL_FROM and settings.EMAIL_HOST),
    }
    return frozenset(medium.value for medium, is_there in has.items() if is_there)


def verdicts(
    template: Template, people: Iterable[Recipient], *, now: datetime
) -> list[tuple[Recipient, Verdict]]:
    """Return what happens to each recipient by each medium of a message.

    `notify` writes exactly those deliveries that go; pages show the same list beforehand.
    """
    media = site_media()
    return [
        (person, verdict(template, medium, person, site_media=media, now=now))
        for person in people
        for medium in template.words
    ]


def allowed_at(row: Delivery, *, now: datetime) -> datetime:
    """Return when a waiting delivery may go: a late or repeated one keeps the quiet hours too."""
    if row.urgent or row.medium not in DISTURBING:
        return now
    return after_quiet(now, recipients([row.recipient], now=now)[0].quiet)


def address_of(row: Delivery) -> str:
    """Return where a delivery goes, as it is known at this moment; empty when nowhere."""
    if row.medium == Medium.WEBHOOK:
        hook = Subscription.objects.filter(pk=row.recipient[8:], ended_at__isnull=True).first()
        return hook.url if hook else ""
    person = accounts.contacts_of([row.recipient]).get(row.recipient)
    if person is None:
        contact = contact_of(row.recipient)
        is_open = contact is not None and not contact.refusal and row.medium in contact.media
        return contact.address if contact and is_open else ""
    if row.medium == Medium.SMS:
        return person.mobile
    own = Preference.objects.filter(person=row.recipient).first()
    return own.mail if own else ""
