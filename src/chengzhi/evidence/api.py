"""Files over the API: bring one, ask what is known of it, take a record's hash manifest."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from chengzhi.accounts.types import Actor
from chengzhi.evidence import commands, queries
from chengzhi.evidence.rules import YEARS, refuse_size
from chengzhi.evidence.types import Manifest, StoredFile
from chengzhi.kernel.errors import InvalidInput, NotVisible

router = Router(tags=["evidence"])


class StoredFileOut(Schema):
    """A file that is kept, known by its SHA-256."""

    sha256: str
    media_type: str
    size: int
    name: str
    captured_at: datetime | None = Field(description="as the sender says, else as EXIF says")
    stored_at: datetime
    width: int | None
    height: int | None
    duration_s: float | None
    lon: float | None = Field(description="EXIF, WGS-84 degrees")
    lat: float | None


class ManifestRowOut(Schema):
    """One file of a record with everything that proves it."""

    sha256: str
    role: str
    name: str
    media_type: str
    size: int
    captured_at: str
    stored_at: str
    stored_by: str
    attached_at: str
    attached_by: str


class ManifestOut(Schema):
    """The files of a record, and one digest over all of them."""

    subject: str
    algorithm: str
    rows: list[ManifestRowOut]
    digest: str


@router.post("/files", response={201: StoredFileOut}, summary="Bring a file")
def bring_file(
    request: HttpRequest,
    file: File[UploadedFile],
    captured_at: Form[datetime | None] = None,
) -> Status[StoredFile]:
    """Keep a file; the same bytes again answer the same. Judged by content, never by name."""
    refuse_size(file.size or 0)
    _refuse_moment(captured_at)
    stored = commands.store(
        file.read(),
        name=file.name or "",
        actor=_actor(request),
        now=timezone.now(),
        captured_at=captured_at,
    )
    return Status(201, stored)


@router.get("/files/{sha256}", response={200: StoredFileOut}, summary="A file's facts")
def file_facts(request: HttpRequest, sha256: str) -> StoredFile:
    """Answer what is known of a file that the caller may see."""
    return queries.stored_file(queries.access_file(_actor(request), sha256))


@router.get(
    "/subjects/{subject}/manifest",
    response={200: ManifestOut},
    summary="A record's hash manifest",
)
def subject_manifest(request: HttpRequest, subject: str) -> Manifest:
    """Answer every file of a record with its hash, and one digest over all of them."""
    if not queries.sees_subject(_actor(request), subject):
        raise NotVisible("没有这条记录，或者您无权查看。")
    return queries.manifest(subject)


def _refuse_moment(captured_at: datetime | None) -> None:
    if captured_at is None:
        return
    if captured_at.tzinfo is None:
        raise InvalidInput("采集时间没有时区，请写明，例如 +08:00。", field="captured_at")
    if captured_at.year not in YEARS:
        raise InvalidInput("采集时间应在 1990 年至 2099 年之间，请核对。", field="captured_at")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
