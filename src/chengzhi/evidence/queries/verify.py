"""The walk that hashes every stored file again."""

import hashlib
from collections.abc import Iterator

from chengzhi.evidence.models import EvidenceFile, FileMissing, Store, open_store
from chengzhi.evidence.types import Fault, Progress

CHUNK = 500


def silent(done: int, total: int) -> None:
    """Show no progress."""


def faults(*, progress: Progress = silent) -> Iterator[Fault]:
    """Yield every file that is missing or whose bytes changed."""
    store = open_store()
    rows = EvidenceFile.objects.filter(erased_at__isnull=True).order_by("pk")
    total = rows.count()
    for done, file in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        reason = _fault(store, file)
        if reason:
            yield Fault(sha256=file.sha256, name=file.name, reason=reason)
        progress(done, total)


def _fault(store: Store, file: EvidenceFile) -> str | None:
    try:
        content = store.get(file.key)
    except FileMissing:
        return "文件缺失"
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return "文件内容与摘要不符，被改动过"
    return None
