"""Export a training set: verdicts, boxes and covered pictures as a ZIP, written while it is sent.

Nothing of it stays on the server. Pictures in which nobody has looked for faces yet are withheld;
originals need their own permission and a reason, and every one of them leaves a trace.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from django.db import transaction
from PIL import Image

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.evidence import interface as evidence
from chengzhi.evidence.types import Variant
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.vision.events import TrainingExported
from chengzhi.vision.models import Finding
from chengzhi.vision.queries.access import visible_to
from chengzhi.vision.queries.training import training_findings, training_rows
from chengzhi.vision.rules.garbage_labels import Sample, is_sample, sample
from chengzhi.vision.rules.training import README, coco, manifest_line
from chengzhi.vision.types import (
    PICTURE_LABELS,
    FindingFilter,
    Pictures,
    TrainingPicture,
    TrainingRow,
)

MOST = 5000
AT_ONCE = 200
JPEG_QUALITY = 92
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
NOT_LOOKED = "还没有遮挡"
NO_PICTURE = "没有图片"


def export_training(
    wanted: FindingFilter,
    *,
    pictures: Pictures,
    reason: str,
    query: str,
    actor: Actor,
    now: datetime,
) -> Iterator[bytes]:
    """Record that a training set leaves the house, and return its ZIP piece by piece.

    :raises InvalidInput: nothing fits, too much does, or originals are asked for without a reason.
    :raises NotPermitted: the actor may not calibrate, export, or (for originals) read originals.
    """
    keys = _begin(wanted, pictures=pictures, reason=reason, query=query, actor=actor, now=now)
    return _pieces(keys, pictures=pictures, reason=reason.strip(), actor=actor, now=now)


@transaction.atomic
def _begin(
    wanted: FindingFilter,
    *,
    pictures: Pictures,
    reason: str,
    query: str,
    actor: Actor,
    now: datetime,
) -> list[int]:
    for permission in (Permission.CALIBRATE, Permission.EXPORT):
        accounts.permit(actor, permission)
    if pictures is Pictures.ORIGINAL:
        accounts.permit(actor, Permission.READ_ORIGINALS)
        if not reason.strip():
            raise InvalidInput("导出原图须写明事由，例如“训练夜间识别模型”。", field="reason")
    keys = list(training_findings(actor, wanted).values_list("pk", flat=True)[: MOST + 1])
    if not keys:
        raise InvalidInput("没有已复核的抓拍符合条件，请放宽筛选。", field="kind")
    if len(keys) > MOST:
        raise InvalidInput(f"一次最多导出{MOST}件，请用日期或类型缩小范围。", field="decided_from")
    event = TrainingExported(
        findings=len(keys),
        query=query or "无",
        pictures=pictures,
        pictures_label=PICTURE_LABELS[pictures],
        reason_text=f"，事由：{reason.strip()}" if reason.strip() else "",
    )
    subject = f"trainingset:{uuid4().hex}"
    audit.record(event, subject=subject, actor=actor.ref, at=now, first=True)
    return keys


class _Pipe(io.RawIOBase):
    """Where the ZIP writes; what it wrote is taken and sent on."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._kept.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._kept = b"".join(self._kept), []
        return taken


def _pieces(
    keys: list[int], *, pictures: Pictures, reason: str, actor: Actor, now: datetime
) -> Iterator[bytes]:
    pipe, lines, shown = _Pipe(), [], []
    written: dict[str, TrainingPicture] = {}
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("README.txt", README)
        yield pipe.take()
        rows = list(_rows(keys, actor))
        lessons = _lessons(rows)
        for row in rows:
            picture, withheld = _picture(
                row,
                archive,
                written,
                lessons.get(row.original, []),
                pictures=pictures,
                reason=reason,
                actor=actor,
                now=now,
            )
            lines.append(manifest_line(row, picture, withheld=withheld))
            shown += [(row, picture)] if picture else []
            yield pipe.take()
        archive.writestr("manifest.jsonl", "".join(f"{line}\n" for line in lines))
        archive.writestr("annotations.json", json.dumps(coco(shown), ensure_ascii=False))
    yield pipe.take()


def _lessons(rows: list[TrainingRow]) -> dict[str, list[TrainingRow]]:
    """Return what the garbage detector may learn from, by the picture that shows it."""
    found: dict[str, list[TrainingRow]] = {}
    for row in filter(is_sample, rows):
        found.setdefault(row.original, []).append(row)
    return found


def _rows(keys: list[int], actor: Actor) -> Iterator[TrainingRow]:
    """Read a part at a time; what is no longer reviewed meanwhile stays as it was chosen."""
    rest = iter(keys)
    while part := list(islice(rest, AT_ONCE)):
        found = visible_to(actor).filter(pk__in=part).select_related("camera").order_by("pk")
        yield from training_rows(row for row in found if _is_reviewed(row))


def _is_reviewed(row: Finding) -> bool:
    return row.decided_at is not None


def _picture(
    row: TrainingRow,
    archive: zipfile.ZipFile,
    written: dict[str, TrainingPicture],
    lessons: list[TrainingRow],
    *,
    pictures: Pictures,
    reason: str,
    actor: Actor,
    now: datetime,
) -> tuple[TrainingPicture | None, str]:
    """Put the row's picture into the archive once; return it, or why it is withheld.

    What the garbage detector learns from it, the `lessons`, lies beside it as a labelled cut-out.
    """
    if pictures is Pictures.NONE or not row.original:
        return None, NO_PICTURE
    if row.original in written:
        return written[row.original], ""
    if pictures is Pictures.REDACTED and not evidence.redacted_among([row.original]):
        return None, NOT_LOOKED
    variant = Variant.ORIGINAL if pictures is Pictures.ORIGINAL else Variant.PUBLISHED
    try:
        content, media = evidence.read(actor, row.original, variant=variant, now=now, reason=reason)
    except DomainError as refused:
        return None, refused.sentence
    picture = _described(row, content, media, pictures)
    archive.writestr(picture.name, content)
    if lessons:
        _cut_out(row.original, content, sample(lessons, picture), archive)
    written[row.original] = picture
    return picture, ""


def _cut_out(name: str, content: bytes, kept: Sample, archive: zipfile.ZipFile) -> None:
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.convert("RGB").crop(kept.window).save(out, "JPEG", quality=JPEG_QUALITY)
    archive.writestr(f"garbage/images/{name}.jpg", out.getvalue())
    archive.writestr(f"garbage/labels/{name}.txt", kept.labels)


def _described(row: TrainingRow, content: bytes, media: str, pictures: Pictures) -> TrainingPicture:
    with Image.open(io.BytesIO(content)) as image:
        width, height = image.size
    return TrainingPicture(
        name=f"images/{row.original}.{ENDINGS.get(media, 'bin')}",
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
        state="original" if pictures is Pictures.ORIGINAL else "redacted",
    )
