"""The reads of the event log."""

from chengzhi.audit.queries.history import entries, entry, event_names, history
from chengzhi.audit.queries.names import names_of, register_names
from chengzhi.audit.queries.outbox import dead_letters, next_waiting
from chengzhi.audit.queries.verify import anchors, verify

__all__ = [
    "anchors",
    "dead_letters",
    "entries",
    "entry",
    "event_names",
    "history",
    "names_of",
    "next_waiting",
    "register_names",
    "verify",
]
