"""A city's standard comes into force: judged, recorded and written in one deed (GB/T 30428.8)."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.calendar import CHINA
from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible
from chengzhi.site.events import StandardsImported
from chengzhi.standards import store
from chengzhi.standards.importing import Deed, Import, Plan, judge, prepared

FILES = "imports"  # within the overlay: the files that versions were made of
SUBJECT = "standards:handling"


class NoOverlay(DomainError):
    """There is no folder for a city's own standards."""

    code = "no-overlay"
    status = 409


class NothingToImport(DomainError):
    """The file changes nothing, or nothing of it can be read."""

    code = "nothing-to-import"
    status = 409


@transaction.atomic
def import_standards(asked: Import, *, actor: Actor, now: datetime) -> Plan:
    """Bring a city's table into force from a day on; rows that change are closed, never deleted.

    The new files lie complete beside the old ones before the event is written, and are renamed
    into place last: a failure anywhere leaves tables and log as they were.

    :raises InvalidInput: the day has passed.
    :raises NothingToImport: the file would change nothing.
    """
    accounts.permit(actor, Permission.MANAGE_STANDARDS)
    if asked.valid_from < now.astimezone(CHINA).date():
        raise InvalidInput("生效日期不能早于今天：已立案的案件按当时的标准。", field="valid_from")
    folder, standards = overlay(), store.current()
    plan = judge(asked, standards)
    if not plan.touched:
        raise NothingToImport(_why_nothing(plan))
    with prepared(plan, folder, standards) as put_in_force:
        audit.record(_told(plan), subject=SUBJECT, actor=actor.ref, at=now)
        put_in_force()
    store.notice()
    return plan


def keep_file(content: bytes, *, name: str, actor: Actor) -> str:
    """Keep an uploaded file beside the tables, for the preview and as the source of a version."""
    accounts.permit(actor, Permission.MANAGE_STANDARDS)
    digest = sha256(content).hexdigest()
    place = overlay() / FILES / digest
    place.mkdir(parents=True, exist_ok=True)
    for other in place.iterdir():
        other.unlink()
    (place / (_safe(name) or "file")).write_bytes(content)
    return digest


def kept_file(digest: str, *, actor: Actor) -> tuple[bytes, str]:
    """Return a kept file and its name.

    :raises NotVisible: there is none.
    """
    accounts.permit(actor, Permission.MANAGE_STANDARDS)
    place = overlay() / FILES / digest
    found = sorted(place.iterdir()) if digest.isalnum() and place.is_dir() else []
    if not found:
        raise NotVisible("没有这个上传的文件，请重新选择文件。")
    return found[0].read_bytes(), found[0].name


def overlay() -> Path:
    """Return the folder of the city's own tables.

    :raises NoOverlay: the installation names none.
    """
    folder = store.current().overlay
    if folder is None:
        raise NoOverlay("还没有本地标准目录，请系统管理员设置 CHENGZHI_STANDARDS 后再导入。")
    return folder


def _safe(name: str) -> str:
    plain = Path(name.replace("\\", "/")).name
    return "".join(letter for letter in plain if letter.isprintable()).lstrip(".")[:80]


def _why_nothing(plan: Plan) -> str:
    if plan.read_count:
        return "文件内容与现行标准相同，没有需要导入的。"
    return "文件中没有一行能读，没有导入。请按报告逐行改正后再试。"


def _told(plan: Plan) -> StandardsImported:
    return StandardsImported(
        scheme=plan.asked.scheme,
        valid_from=plan.asked.valid_from.isoformat(),
        file_name=plan.asked.file_name,
        sha256=sha256(plan.asked.content).hexdigest(),
        read=plan.read_count,
        unread=plan.line_count - plan.read_count,
        added=plan.count(Deed.NEW),
        changed=plan.count(Deed.CHANGED),
        closed=plan.count(Deed.CLOSED),
        unchanged=plan.count(Deed.UNCHANGED),
        local_matters=[f"{row.code} {row.name}" for row in plan.matters],
    )
