"""What other contexts may ask of the event log."""

from chengzhi.audit.commands import NotInTransaction, insert, record
from chengzhi.audit.queries import (
    dead_letter_count,
    entries,
    history,
    last_seq,
    named,
    names_of,
    outbox,
    proven_history,
    register_names,
    verify,
)
from chengzhi.audit.queries.statements import Statement
from chengzhi.audit.rules import canonical, digest

__all__ = [
    "NotInTransaction",
    "Statement",
    "canonical",
    "dead_letter_count",
    "digest",
    "entries",
    "history",
    "insert",
    "last_seq",
    "named",
    "names_of",
    "outbox",
    "proven_history",
    "record",
    "register_names",
    "verify",
]
