"""What is kept: rows about files, and the bytes themselves."""

from chengzhi.evidence.models.records import Attachment, Deposit, EvidenceFile
from chengzhi.evidence.models.redactions import Redaction
from chengzhi.evidence.models.stores import FileMissing, FolderStore, S3Store, Store, open_store

__all__ = [
    "Attachment",
    "Deposit",
    "EvidenceFile",
    "FileMissing",
    "FolderStore",
    "Redaction",
    "S3Store",
    "Store",
    "open_store",
]
