"""The writes of evidence: store, attach, read the original."""

from chengzhi.evidence.commands.attach import attach
from chengzhi.evidence.commands.read import copy_of, open_copy, read
from chengzhi.evidence.commands.store import store
from chengzhi.evidence.commands.verify import note_fault

__all__ = ["attach", "copy_of", "note_fault", "open_copy", "read", "store"]
