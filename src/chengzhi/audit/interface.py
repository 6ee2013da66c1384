"""What other contexts may ask of the event log."""

from chengzhi.audit.commands import NotInTransaction, record

__all__ = ["NotInTransaction", "record"]
