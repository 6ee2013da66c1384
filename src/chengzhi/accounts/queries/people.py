"""Reads of people."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from chengzhi.accounts.events import LockedOut, SignedIn, SignInFailed
from chengzhi.accounts.models import Person, Post
from chengzhi.accounts.queries.actors import holding
from chengzhi.accounts.rules import may
from chengzhi.accounts.types import (
    ROLE_LABELS,
    Actor,
    ContactRef,
    Language,
    PeoplePage,
    Permission,
    PersonCard,
    PersonFilters,
    PersonRef,
    PostRef,
    Preferences,
    Role,
    Theme,
)
from chengzhi.audit import interface as audit
from chengzhi.audit.types import Entry
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.events import name_of


def visible_people(actor: Actor) -> QuerySet[Person]:
    """Return the people an actor may see: the county's by permission, else only oneself."""
    if not actor.county:
        return Person.objects.none()
    inside = Person.objects.filter(unit__division__startswith=actor.county)
    if may(actor, Permission.SEE_PEOPLE):
        return inside
    own = actor.ref.removeprefix("person:")
    return inside.filter(pk=own) if own.isdecimal() else inside.none()


def access_person(actor: Actor, person_id: int) -> Person:
    """Return one person, if the actor may see them.

    :raises NotVisible: there is no such person, or not for this actor.
    """
    found = visible_people(actor).select_related("unit").filter(pk=person_id).first()
    if found is None:
        raise NotVisible("没有这个人员，或者您无权查看。请核对链接，或联系系统管理员。")
    return found


def people(
    actor: Actor, filters: PersonFilters, *, on: date, after: int = 0, limit: int = 50
) -> PeoplePage:
    """Return one page of the people the actor may see, in order of id."""
    rows = _filtered(visible_people(actor), filters, on=on)
    page = list(rows.filter(pk__gt=after).select_related("unit").order_by("pk")[: limit + 1])
    return PeoplePage(
        people=tuple(_cards(page[:limit])),
        count=rows.count(),
        next_key=page[limit - 1].pk if len(page) > limit else None,
    )


def person_card(actor: Actor, person_id: int) -> PersonCard:
    """Return one person with all posts ever held.

    :raises NotVisible: there is no such person, or not for this actor.
    """
    return _cards([access_person(actor, person_id)])[0]


def own_card(person_id: int) -> PersonCard:
    """Return a person's own card; everybody may see themselves."""
    return _cards(Person.objects.select_related("unit").filter(pk=person_id))[0]


def person_for_session(person_id: int) -> Person:
    """Return the row that Django's session code asks for."""
    return Person.objects.get(pk=person_id)


def preferences(person_id: int) -> Preferences:
    """Return how the pages look to a person."""
    person = Person.objects.get(pk=person_id)
    return Preferences(language=Language(person.language), theme=Theme(person.theme))


def username_of(typed: str) -> str:
    """Return the username of whoever typed it, or their mobile number, at sign-in."""
    person = Person.objects.filter(mobile=typed).first() if typed else None
    return person.username if person else typed.lower()


def person_history(ref: str) -> list[Entry]:
    """Return everything that happened to a person's account, the latest first."""
    return audit.history(ref)[::-1]


def recent_sign_ins(ref: str, *, most: int = 10) -> list[Entry]:
    """Return one's own latest sign-ins and failures."""
    names = {name_of(SignedIn), name_of(SignInFailed), name_of(LockedOut)}
    return [entry for entry in person_history(ref) if entry.name in names][:most]


def people_in(unit: str, *, on: date) -> list[PersonRef]:
    """Return the active people of a unit with the roles they hold on a day."""
    rows = list(Person.objects.filter(unit__code=unit, is_active=True).order_by("pk"))
    held: dict[int, set[Role]] = defaultdict(set)
    for post in Post.objects.filter(holding(on), person__in=rows):
        held[post.person_id].add(Role(post.role))
    return [PersonRef(ref=p.ref, name=p.name, unit=unit, roles=frozenset(held[p.pk])) for p in rows]


def contacts_of(refs: Collection[str]) -> dict[str, ContactRef]:
    """Return how the active people among the references are reached, with one query."""
    keys = [int(ref[7:]) for ref in refs if ref.startswith("person:") and ref[7:].isdecimal()]
    rows = Person.objects.filter(pk__in=keys, is_active=True).select_related("unit")
    return {
        person.ref: ContactRef(
            ref=person.ref,
            name=person.name,
            mobile=person.mobile,
            county=person.unit.division[:6],
        )
        for person in rows.order_by("pk")
    }


def people_holding(role: Role, *, county: str, on: date) -> dict[str, str]:
    """Return the county's active people who hold a role on a day: ref to name, by key."""
    posts = Post.objects.filter(
        holding(on), role=role, person__is_active=True, person__unit__division__startswith=county
    )
    people = Person.objects.filter(pk__in=posts.values("person")).order_by("pk")
    return {person.ref: person.name for person in people}


def staff_of(county: str, *, on: date, roles: Iterable[Role]) -> list[PersonRef]:
    """Return the county's active people who hold any of the roles on a day, by unit and key."""
    posts = Post.objects.filter(
        holding(on),
        role__in=[role.value for role in roles],
        person__is_active=True,
        person__unit__division__startswith=county,
    )
    held: dict[int, set[Role]] = defaultdict(set)
    for person, role in posts.values_list("person_id", "role"):
        held[person].add(Role(role))
    rows = Person.objects.filter(pk__in=held).order_by("unit__code", "pk")
    return [
        PersonRef(ref=f"person:{pk}", name=name, unit=unit, roles=frozenset(held[pk]))
        for pk, name, unit in rows.values_list("pk", "name", "unit__code")
    ]


def active_people(refs: Iterable[str]) -> dict[str, str]:
    """Return the names of those among the references who are still active."""
    ids = [ref[7:] for ref in refs if ref.startswith("person:") and ref[7:].isdecimal()]
    rows = Person.objects.filter(pk__in=ids, is_active=True).values_list("pk", "name")
    return {f"person:{pk}": name for pk, name in rows}


def _filtered(rows: QuerySet[Person], filters: PersonFilters, *, on: date) -> QuerySet[Person]:
    rows = rows.filter(is_active=filters.is_active)
    if filters.text:
        text = filters.text
        rows = rows.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(mobile__startswith=text)
        )
    if filters.unit:
        rows = rows.filter(unit__code=filters.unit)
    if filters.role:
        post = Post.objects.filter(holding(on), person=OuterRef("pk"), role=filters.role)
        rows = rows.filter(Exists(post))
    return rows


def _cards(rows: Iterable[Person]) -> list[PersonCard]:
    rows = list(rows)
    posts: dict[int, list[PostRef]] = defaultdict(list)
    for post in Post.objects.filter(person__in=rows).order_by("valid_from", "pk"):
        posts[post.person_id].append(_post_ref(post))
    return [_card(person, tuple(posts[person.pk])) for person in rows]


def _post_ref(post: Post) -> PostRef:
    role = Role(post.role)
    return PostRef(
        id=post.pk,
        role=role,
        label=ROLE_LABELS[role],
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def _card(person: Person, posts: tuple[PostRef, ...]) -> PersonCard:
    return PersonCard(
        id=person.pk,
        ref=person.ref,
        username=person.username,
        name=person.name,
        mobile=person.mobile,
        unit=person.unit.code,
        unit_name=person.unit.name,
        is_active=person.is_active,
        last_login=person.last_login,
        needs_password=person.password_changed_at is None,
        posts=posts,
    )
