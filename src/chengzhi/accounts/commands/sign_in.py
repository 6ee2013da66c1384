"""What the log keeps of signing in; the decision itself is Django's and axes'."""

from datetime import datetime

from django.db import transaction

from chengzhi.accounts.events import LockedOut, SignedIn, SignInFailed
from chengzhi.accounts.models import Person
from chengzhi.audit import interface as audit


def note_sign_in(username: str, *, address: str, now: datetime) -> None:
    """Keep that somebody signed in."""
    _note(username, SignedIn(address=address), now=now)


def note_failure(username: str, *, address: str, now: datetime) -> None:
    """Keep that somebody's password was wrong; an unknown username leaves only axes' own row."""
    _note(username, SignInFailed(address=address), now=now)


def note_lock_out(username: str, *, address: str, now: datetime) -> None:
    """Keep that sign-in was suspended after too many wrong passwords."""
    _note(username, LockedOut(address=address), now=now)


@transaction.atomic
def _note(username: str, event: SignedIn | SignInFailed | LockedOut, *, now: datetime) -> None:
    person = Person.objects.select_for_update().filter(username=username).first()
    if person:
        audit.record(event, subject=person.ref, actor=person.ref, at=now)
