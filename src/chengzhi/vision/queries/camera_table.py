"""What a table of cameras would change, judged and not written."""

from dataclasses import dataclass
from enum import StrEnum

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.standards.importing import Fault, read_lines, read_sheets
from chengzhi.standards.types import StandardBroken
from chengzhi.vision.models import Camera
from chengzhi.vision.queries.access import visible_cameras
from chengzhi.vision.rules.camera_table import GRAMMAR, CameraLine, fault_of, read_cameras
from chengzhi.vision.rules.cost import changed_cost
from chengzhi.vision.rules.draft import FIELD_LABELS
from chengzhi.vision.types import CameraDraft

MOST_CAMERAS = 2_000
MOST_BYTES = 2_000_000
FIELDS = ("name", "lon", "lat", "address", "heading", "source", "worker", "enabled")


class CameraDeed(StrEnum):
    """What an import does to one camera."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


CAMERA_DEED_LABELS: dict[CameraDeed, str] = {
    CameraDeed.NEW: "新增",
    CameraDeed.CHANGED: "修改",
    CameraDeed.UNCHANGED: "不变",
}


@dataclass(frozen=True, kw_only=True)
class PlannedCamera:
    """One camera of the import, and which of its fields change."""

    row: int
    code: str
    deed: CameraDeed
    draft: CameraDraft
    fields: tuple[str, ...] = ()  # labels


@dataclass(frozen=True, kw_only=True)
class CameraPlan:
    """A whole table, judged."""

    line_count: int
    lines: tuple[PlannedCamera, ...]
    faults: tuple[Fault, ...]

    def count(self, deed: CameraDeed) -> int:
        """Return how many cameras meet a deed."""
        return sum(line.deed is deed for line in self.lines)

    @property
    def changes(self) -> tuple[PlannedCamera, ...]:
        """The cameras that would be written."""
        return tuple(line for line in self.lines if line.deed is not CameraDeed.UNCHANGED)


def judge_cameras(actor: Actor, content: bytes, *, file_name: str = "") -> CameraPlan:
    """Return what a table would change.

    :raises NotPermitted: the actor does not manage cameras.
    :raises InvalidInput: the file as a whole cannot be read.
    """
    accounts.permit(actor, Permission.MANAGE_CAMERAS)
    if len(content) > MOST_BYTES:
        raise InvalidInput("摄像头表不能超过 2 MB，请分成几个文件再导入。", field="file")
    try:
        lines, faults = read_lines(read_sheets(content, name=file_name), GRAMMAR)
    except StandardBroken as error:
        raise InvalidInput(error.sentence, field="file") from error
    if len(lines) > MOST_CAMERAS:
        raise InvalidInput(f"一次最多导入 {MOST_CAMERAS} 路摄像头，请分次导入。", field="file")
    cameras, unread = read_cameras(lines)
    planned, taken = _planned(actor, cameras)
    return CameraPlan(
        line_count=len(lines), lines=tuple(planned), faults=(*faults, *unread, *taken)
    )


def _planned(actor: Actor, cameras: list[CameraLine]) -> tuple[list[PlannedCamera], list[Fault]]:
    codes = [camera.code for camera in cameras]
    known = {row.code: row for row in visible_cameras(actor).filter(code__in=codes)}
    others = set(Camera.objects.filter(code__in=codes).values_list("code", flat=True)) - set(known)
    planned, faults = [], []
    for camera in cameras:
        if camera.code in others:
            refusal = InvalidInput("编号：已被别处使用，请换一个。", field="code")
            faults.append(fault_of(camera, refusal))
        else:
            planned.append(_plan(camera, known.get(camera.code)))
    return planned, faults


def _plan(line: CameraLine, row: Camera | None) -> PlannedCamera:
    before = None if row is None else draft_of(row)
    draft = line.over(before)
    changed = [
        FIELD_LABELS[f] for f in FIELDS if before and getattr(before, f) != getattr(draft, f)
    ]
    changed += changed_cost(before.options, draft.options) if before else []
    deed = CameraDeed.NEW
    if before is not None:
        deed = CameraDeed.CHANGED if changed else CameraDeed.UNCHANGED
    return PlannedCamera(
        row=line.row,
        code=line.code,
        deed=deed,
        draft=draft,
        fields=tuple(changed),
    )


def draft_of(row: Camera) -> CameraDraft:
    """Return a camera as what an administrator wrote about it."""
    written = {name: getattr(row, name) for name in FIELDS}
    return CameraDraft(**written, options=row.options)
