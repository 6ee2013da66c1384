"""Which files of a record may go with it."""

from django.db.models import Exists, OuterRef, QuerySet

from chengzhi.evidence.models import Attachment, EvidenceFile


def erasable(subject: str) -> QuerySet[EvidenceFile]:
    """Return the files that belong to this subject alone and still have their bytes."""
    mine = Attachment.objects.filter(file=OuterRef("pk"), subject=subject)
    others = Attachment.objects.filter(file=OuterRef("pk")).exclude(subject=subject)
    return EvidenceFile.objects.filter(Exists(mine), ~Exists(others), erased_at__isnull=True)


def erasable_count(subject: str) -> int:
    """Return how many files would go with a subject."""
    return erasable(subject).count()
