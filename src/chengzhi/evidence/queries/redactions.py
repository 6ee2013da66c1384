"""What is hidden in the copies of a file."""

from collections.abc import Collection

from django.db.models import QuerySet

from chengzhi.evidence.models import EvidenceFile, Redaction
from chengzhi.evidence.types import HiddenPart, Hiding, HidingState
from chengzhi_redaction.types import PLATES


def redaction_of(file: EvidenceFile) -> Redaction:
    """Return how a file is redacted; where nobody has looked, an unsaved row that says so."""
    return Redaction.objects.filter(file=file).first() or Redaction(file=file)


def hiding_of(file: EvidenceFile) -> Hiding:
    """Return how a file is redacted, as a page shows it."""
    redaction = redaction_of(file)
    lifted, found = set(redaction.lifted), len(redaction.found)
    return Hiding(
        state=HidingState(redaction.state),
        method=redaction.method,
        revision=redaction.revision,
        found=tuple(
            HiddenPart(number=n, kind=row["kind"], box=tuple(row["box"]), is_lifted=n in lifted)
            for n, row in enumerate(redaction.found)
        ),
        added=tuple(
            HiddenPart(number=found + n, kind=row["kind"], box=tuple(row["box"]))
            for n, row in enumerate(redaction.added)
        ),
    )


def redacted_among(hashes: Collection[str]) -> set[str]:
    """Return which of these files have been looked through: only those may be shown outside."""
    rows = Redaction.objects.filter(file__sha256__in=hashes, state=HidingState.DONE)
    return set(rows.filter(file__erased_at=None).values_list("file__sha256", flat=True))


def is_waiting() -> bool:
    """Return whether there is a file in which nobody has looked for faces yet."""
    return _waiting().exists()


def waiting_count() -> int:
    """Return in how many files nobody has looked for faces yet."""
    return _waiting().count()


def looked_without_plates() -> list[int]:
    """Return the redactions, newest first, of files that no plate finder has looked through."""
    done = Redaction.objects.filter(state=HidingState.DONE, file__erased_at=None)
    without = done.exclude(method__contains=PLATES).order_by("-pk")
    return list(without.values_list("pk", flat=True))


def _waiting() -> QuerySet[Redaction]:
    return Redaction.objects.filter(state=HidingState.WAITING, file__erased_at=None)
