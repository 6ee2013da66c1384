"""The reads of the event log."""

from chengzhi.audit.queries.history import (
    entries,
    event_names,
    history,
    last_seq,
    named,
    proven_history,
)
from chengzhi.audit.queries.names import names_of, register_names
from chengzhi.audit.queries.outbox import dead_letter_count, dead_letters, next_waiting, outbox
from chengzhi.audit.queries.verify import anchors, last_anchor, verify

__all__ = [
    "anchors",
    "dead_letter_count",
    "dead_letters",
    "entries",
    "event_names",
    "history",
    "last_seq",
    "last_anchor",
    "named",
    "names_of",
    "next_waiting",
    "outbox",
    "proven_history",
    "register_names",
    "verify",
]
