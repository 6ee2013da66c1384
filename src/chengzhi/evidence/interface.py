"""What other contexts may ask of the evidence store."""

from chengzhi.evidence.commands import attach, read, store
from chengzhi.evidence.queries import (
    custody,
    file_of,
    files_of,
    files_of_many,
    manifest,
    register_subject,
)
from chengzhi.evidence.rules import NoSuchCopy, UploadRefused, refuse_size

__all__ = [
    "NoSuchCopy",
    "UploadRefused",
    "attach",
    "custody",
    "file_of",
    "files_of",
    "files_of_many",
    "manifest",
    "read",
    "refuse_size",
    "register_subject",
    "store",
]
