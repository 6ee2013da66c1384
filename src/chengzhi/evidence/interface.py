"""What other contexts may ask of the evidence store."""

from chengzhi.evidence.commands import (
    attach,
    erase,
    note_regions,
    public_copy,
    read,
    remove_erased,
    store,
)
from chengzhi.evidence.models import Store, open_store
from chengzhi.evidence.queries import (
    content_of,
    custody,
    erasable_count,
    file_of,
    files_of,
    files_of_many,
    manifest,
    redacted_among,
    register_subject,
)
from chengzhi.evidence.rules import NoSuchCopy, UploadRefused, refuse_size, sent_regions

__all__ = [
    "NoSuchCopy",
    "Store",
    "UploadRefused",
    "attach",
    "content_of",
    "custody",
    "erasable_count",
    "erase",
    "file_of",
    "files_of",
    "files_of_many",
    "manifest",
    "note_regions",
    "open_store",
    "public_copy",
    "read",
    "redacted_among",
    "refuse_size",
    "remove_erased",
    "register_subject",
    "sent_regions",
    "store",
]
