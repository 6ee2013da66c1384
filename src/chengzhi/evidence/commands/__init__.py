"""The writes of evidence: store, attach, hide faces, read the original, erase."""

from chengzhi.evidence.commands.attach import attach
from chengzhi.evidence.commands.erase import erase, remove_erased
from chengzhi.evidence.commands.look_again import look_again
from chengzhi.evidence.commands.read import FileErased, copy_of, open_copy, public_copy, read
from chengzhi.evidence.commands.redact import (
    NothingHiddenYet,
    cover,
    note_regions,
    redact_next,
    uncover,
)
from chengzhi.evidence.commands.store import store
from chengzhi.evidence.commands.verify import note_fault

__all__ = [
    "FileErased",
    "NothingHiddenYet",
    "attach",
    "copy_of",
    "cover",
    "erase",
    "look_again",
    "note_fault",
    "note_regions",
    "open_copy",
    "public_copy",
    "read",
    "redact_next",
    "remove_erased",
    "store",
    "uncover",
]
