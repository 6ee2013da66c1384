"""The code words of cameras and findings, with the Chinese of each."""

from enum import StrEnum


class FindingKind(StrEnum):
    """What the camera worker can report (机器发现类型)."""

    MOTOR_VEHICLE_PARKED = "motor_vehicle_parked"
    TWO_WHEELER_PARKED = "two_wheeler_parked"
    OBJECT_LEFT = "object_left"
    GOODS_ON_PAVEMENT = "goods_on_pavement"
    STALL = "stall"
    STREET_TRADING = "street_trading"
    MATERIALS_PILED = "materials_piled"
    UMBRELLA_OUT = "umbrella_out"
    BANNER_HUNG = "banner_hung"
    GARBAGE_EXPOSED = "garbage_exposed"
    BIN_OVERFLOW = "bin_overflow"
    DOG_UNATTENDED = "dog_unattended"
    CAMERA_BLIND = "camera_blind"


class ZoneKind(StrEnum):
    """What an area of the picture is for (区域类型)."""

    NO_PARKING = "no_parking"
    TWO_WHEELER_NO_PARKING = "two_wheeler_no_parking"
    PAVEMENT_CLEAR = "pavement_clear"
    BIN = "bin"
    FACADE_CLEAR = "facade_clear"
    LANE = "lane"
    BAY = "bay"
    CYCLE_BAY = "cycle_bay"
    PERMITTED = "permitted"
    IGNORE = "ignore"


class DrawTool(StrEnum):
    """How an area is drawn (画法); a plain polygon needs no tool."""

    BAND = "band"
    SPOT = "spot"


ZONE_KIND_LABELS: dict[str, str] = {
    ZoneKind.NO_PARKING: "禁停区",
    ZoneKind.TWO_WHEELER_NO_PARKING: "非机动车禁停区",
    ZoneKind.PAVEMENT_CLEAR: "人行道净空区",
    ZoneKind.BIN: "垃圾桶",
    ZoneKind.FACADE_CLEAR: "立面净空区",
    ZoneKind.LANE: "行车道（排队、红灯）",
    ZoneKind.BAY: "机动车泊位",
    ZoneKind.CYCLE_BAY: "非机动车泊位",
    ZoneKind.PERMITTED: "许可摆放区",
    ZoneKind.IGNORE: "忽略区",
}

#: Which findings a zone of each kind may ask for; the worker refuses any other pair. A lane, a
#: bay, a permitted and an ignored area ask for nothing: they tell the rules of other zones what is
#: no violation.
ZONE_FINDINGS: dict[ZoneKind, tuple[FindingKind, ...]] = {
    ZoneKind.NO_PARKING: (
        FindingKind.MOTOR_VEHICLE_PARKED,
        FindingKind.TWO_WHEELER_PARKED,
        FindingKind.OBJECT_LEFT,
        FindingKind.MATERIALS_PILED,
        FindingKind.STREET_TRADING,
        FindingKind.STALL,
        FindingKind.GARBAGE_EXPOSED,
    ),
    ZoneKind.TWO_WHEELER_NO_PARKING: (
        FindingKind.TWO_WHEELER_PARKED,
        FindingKind.OBJECT_LEFT,
        FindingKind.MATERIALS_PILED,
    ),
    ZoneKind.PAVEMENT_CLEAR: (
        FindingKind.MOTOR_VEHICLE_PARKED,
        FindingKind.TWO_WHEELER_PARKED,
        FindingKind.OBJECT_LEFT,
        FindingKind.MATERIALS_PILED,
        FindingKind.GOODS_ON_PAVEMENT,
        FindingKind.STREET_TRADING,
        FindingKind.STALL,
        FindingKind.GARBAGE_EXPOSED,
        FindingKind.UMBRELLA_OUT,
        FindingKind.DOG_UNATTENDED,
    ),
    ZoneKind.BIN: (FindingKind.GARBAGE_EXPOSED, FindingKind.BIN_OVERFLOW),
    ZoneKind.FACADE_CLEAR: (FindingKind.UMBRELLA_OUT, FindingKind.BANNER_HUNG),
    ZoneKind.LANE: (),
    ZoneKind.BAY: (),
    ZoneKind.CYCLE_BAY: (),
    ZoneKind.PERMITTED: (),
    ZoneKind.IGNORE: (),
}


class FindingState(StrEnum):
    """Where a finding stands (抓拍状态)."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    MERGED = "merged"
    NOTED = "noted"
    PARKED = "parked"


FINDING_STATE_LABELS: dict[str, str] = {
    FindingState.PENDING: "待复核",
    FindingState.CONFIRMED: "已确认",
    FindingState.REJECTED: "误报",
    FindingState.MERGED: "已并入",
    FindingState.NOTED: "设备异常",
    FindingState.PARKED: "已压下",
}

#: States that say the machine was right; a merged finding is a true one already known.
TRUE_STATES = (FindingState.CONFIRMED, FindingState.MERGED)
REVIEWED_STATES = (*TRUE_STATES, FindingState.REJECTED)
UNDECIDED_STATES = (FindingState.PENDING, FindingState.NOTED, FindingState.PARKED)


class CameraState(StrEnum):
    """How a camera is doing (设备状态)."""

    RUNNING = "running"
    BLIND = "blind"
    MISDRAWN = "misdrawn"
    RECONNECTING = "reconnecting"
    FAILED = "failed"
    REFUSED = "refused"
    ENDED = "ended"
    SILENT = "silent"
    NEVER = "never"
    DISABLED = "disabled"


#: States in which nothing is judged though a camera is switched on; `ENDED` is a clip played to its end.
DARK_STATES = (
    CameraState.BLIND,
    CameraState.MISDRAWN,
    CameraState.RECONNECTING,
    CameraState.FAILED,
    CameraState.REFUSED,
    CameraState.SILENT,
    CameraState.NEVER,
)
#: Kinds of incidents in which no worker watched, though the camera is switched on.
UNWATCHED = (CameraState.SILENT, CameraState.NEVER)

CAMERA_STATE_LABELS: dict[str, str] = {
    CameraState.RUNNING: "正常",
    CameraState.BLIND: "看不清",
    CameraState.MISDRAWN: "区域对不上",
    CameraState.RECONNECTING: "重连中",
    CameraState.FAILED: "已停止",
    CameraState.REFUSED: "余力不足",
    CameraState.ENDED: "已播完",
    CameraState.SILENT: "失联",
    CameraState.NEVER: "未接入",
    CameraState.DISABLED: "已停用",
}

#: Chip class of each state: colour, word and shape (dot, diamond, square, stripes).
CAMERA_STATE_CHIPS: dict[str, str] = {
    CameraState.RUNNING: "ok",
    CameraState.BLIND: "bad",
    CameraState.MISDRAWN: "bad",
    CameraState.RECONNECTING: "warn",
    CameraState.FAILED: "bad",
    CameraState.REFUSED: "warn",
    CameraState.ENDED: "idle",
    CameraState.SILENT: "bad",
    CameraState.NEVER: "idle",
    CameraState.DISABLED: "hold",
}

FINDING_STATE_CHIPS: dict[str, str] = {
    FindingState.PENDING: "live",
    FindingState.CONFIRMED: "ok",
    FindingState.REJECTED: "idle",
    FindingState.MERGED: "hold",
    FindingState.NOTED: "warn",
    FindingState.PARKED: "idle",
}
