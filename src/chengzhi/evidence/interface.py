"""What other contexts may ask of the evidence store."""

from chengzhi.evidence.commands import attach, erase, read, remove_erased, store
from chengzhi.evidence.models import Store, open_store
from chengzhi.evidence.queries import (
    custody,
    erasable_count,
    file_of,
    files_of,
    files_of_many,
    manifest,
    register_subject,
)
from chengzhi.evidence.rules import NoSuchCopy, UploadRefused, refuse_size

__all__ = [
    "NoSuchCopy",
    "Store",
    "UploadRefused",
    "attach",
    "custody",
    "erasable_count",
    "erase",
    "file_of",
    "files_of",
    "files_of_many",
    "manifest",
    "open_store",
    "read",
    "refuse_size",
    "remove_erased",
    "register_subject",
    "store",
]
