"""One message becomes one delivery per recipient and medium, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.kernel.events import REGISTRY
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.queries.parties import parties_of
from chengzhi.notifications.queries.recipients import recipients, refs_of, verdicts
from chengzhi.notifications.queries.texts import template_now, words_in_force
from chengzhi.notifications.rules.templates import meets, occasions_of, sending, written
from chengzhi.notifications.types import (
    DeliveryState,
    Medium,
    Occasion,
    Parties,
    Recipient,
    Template,
    Verdict,
    Words,
)


@transaction.atomic
def notify(
    *,
    template: str,
    to: Iterable[str],
    facts: Any,
    subject: str,
    key: str,
    county: str,
    now: datetime,
    besides: str = "",
) -> int:
    """Write the deliveries of a message and return how many are new.

    `to` names people ("person:12"), whoever handles in a unit ("unit:S01"), everybody with a
    post ("role:duty_manager"), or somebody without an account ("reporter:12"). The same `key`
    never writes to the same recipient twice, so a reaction may run again. `besides` is left out:
    nobody is told of what they did themselves.

    :raises UnknownTemplate: there is no such template.
    """
    found = template_now(template, now=now)
    refs = [ref for ref in refs_of(to, county=county, now=now) if ref != besides]
    people = recipients(refs, now=now)
    going = [(who, how) for who, how in verdicts(found, people, now=now) if how.goes]
    texts = _texts(found, _plain(facts), county=county)
    rows = [
        _row(found, texts[how.medium], who, how, key=key, subject=subject, county=county, now=now)
        for who, how in going
    ]
    return write_once(rows)


def write_once(rows: list[Delivery]) -> int:
    """Insert the rows that are not there yet, and return how many those are."""
    if not rows:
        return 0
    keys = Delivery.objects.filter(key=rows[0].key)
    before = set(keys.values_list("recipient", "medium"))
    new = [row for row in rows if (row.recipient, row.medium) not in before]
    Delivery.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _plain(facts: Any) -> Mapping[str, Any]:
    is_value = is_dataclass(facts) and not isinstance(facts, type)
    plain: Mapping[str, Any] = asdict(facts) if is_value else facts
    return plain


def _texts(found: Template, facts: Mapping[str, Any], *, county: str) -> dict[str, Words]:
    named = {name: facts[name] for name in found.fields if facts.get(name) not in (None, "")}
    in_force = words_in_force(found, county=county)
    return {medium: written(words, named) for medium, words in in_force.items()}


def _row(
    found: Template,
    words: Words,
    who: Recipient,
    how: Verdict,
    *,
    key: str,
    subject: str,
    county: str,
    now: datetime,
) -> Delivery:
    is_here = how.medium == Medium.IN_APP  # the row itself lies in the inbox
    return Delivery(
        key=key,
        county=county,
        template=found.key,
        medium=how.medium,
        recipient=who.ref,
        title=words.title[:200],
        text=words.text,
        subject=subject,
        urgent=found.urgent,
        state=DeliveryState.SENT if is_here else DeliveryState.WAITING,
        created_at=now,
        next_at=None if is_here else how.not_before,
        ended_at=now if is_here else None,
    )


def announce(
    event: str,
    data: Mapping[str, Any],
    *,
    event_id: int,
    subject: str,
    actor: str,
    happened_at: datetime,
    now: datetime,
) -> int:
    """Tell everybody whom the table of occasions names of an event; return how many messages.

    What happened too long ago is told to nobody: after a long stop people look at their lists.
    """
    rows = [row for row in occasions_of(event) if meets(row, data)]
    if not rows or now - happened_at > sending().stale:
        return 0
    known = parties_of(subject, now=now)
    if known is None:
        return 0
    facts = {**known.facts, **_happened(event, data, actor), **data}
    return sum(
        notify(
            template=row.template,
            to=targets(row, data, known),
            facts=facts,
            subject=subject,
            key=f"event:{event_id}:{row.template}",
            county=known.county,
            now=now,
            besides=actor,
        )
        for row in rows
    )


def _happened(event: str, data: Mapping[str, Any], actor: str) -> dict[str, str]:
    """Return what any message may say of its event: the label, the sentence, and by whom."""
    known = REGISTRY.get(event)
    return {
        "happened_label": known.label if known else "",
        "happened": known.sentence(data).rstrip("；：，") if known else "",
        "actor_name": accounts.names_of([actor]).get(actor, "") if actor else "",
    }


def targets(row: Occasion, data: Mapping[str, Any], known: Parties) -> list[str]:
    """Return the recipients that a row of the table names, from the event and its record."""
    found: list[str] = []
    for one in row.to:
        kind, _, name = one.partition(":")
        if kind == "record":
            found += known.people.get(name, ())
        elif kind == "role":
            found.append(one)
        else:
            values = data.get(name) or ()
            several = [values] if isinstance(values, str) else values
            found += [f"unit:{value}" if kind == "unit" else value for value in several]
    return found
