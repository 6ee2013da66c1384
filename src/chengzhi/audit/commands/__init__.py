"""The writes of the event log: one that adds, those of the outbox, and checkpoints."""

from chengzhi.audit.commands.checkpoint import NothingNew, make_checkpoint
from chengzhi.audit.commands.export import note_export
from chengzhi.audit.commands.insert import insert
from chengzhi.audit.commands.outbox import (
    ClaimLost,
    NotGivenUp,
    bury,
    claim,
    postpone,
    retry,
    settle,
    settle_silent,
)
from chengzhi.audit.commands.record import NotInTransaction, record

__all__ = [
    "ClaimLost",
    "NotGivenUp",
    "NotInTransaction",
    "NothingNew",
    "bury",
    "claim",
    "insert",
    "make_checkpoint",
    "note_export",
    "postpone",
    "record",
    "retry",
    "settle",
    "settle_silent",
]
