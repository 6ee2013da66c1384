"""Reads of evidence: who may see a file, what a subject holds, whether the bytes still hold."""

from chengzhi.evidence.queries.access import access_file, can_see, register_subject, sees_subject
from chengzhi.evidence.queries.erasing import erasable, erasable_count
from chengzhi.evidence.queries.files import (
    content_of,
    custody,
    file_of,
    files_of,
    files_of_many,
    manifest,
    stored_file,
)
from chengzhi.evidence.queries.redactions import (
    hiding_of,
    is_waiting,
    looked_without_plates,
    redacted_among,
    redaction_of,
    waiting_count,
)
from chengzhi.evidence.queries.verify import faults

__all__ = [
    "access_file",
    "can_see",
    "content_of",
    "custody",
    "erasable",
    "erasable_count",
    "faults",
    "file_of",
    "files_of",
    "files_of_many",
    "hiding_of",
    "is_waiting",
    "looked_without_plates",
    "manifest",
    "redacted_among",
    "redaction_of",
    "register_subject",
    "sees_subject",
    "stored_file",
    "waiting_count",
]
