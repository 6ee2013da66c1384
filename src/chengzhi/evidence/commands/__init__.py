"""The writes of evidence: store, attach, read the original, erase."""

from chengzhi.evidence.commands.attach import attach
from chengzhi.evidence.commands.erase import erase, remove_erased
from chengzhi.evidence.commands.read import FileErased, copy_of, open_copy, read
from chengzhi.evidence.commands.store import store
from chengzhi.evidence.commands.verify import note_fault

__all__ = [
    "FileErased",
    "attach",
    "copy_of",
    "erase",
    "note_fault",
    "open_copy",
    "read",
    "remove_erased",
    "store",
]
