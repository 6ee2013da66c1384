"""The words of the loop (CJJ/T 106; domain.md 1.5): states, channels, results."""

from enum import StrEnum


class State(StrEnum):
    """Where a work order stands in the eight-stage loop (CJJ/T 106; domain.md 1.5)."""

    REPORTED = "reported"
    TO_VERIFY = "to_verify"
    ACCEPTED = "accepted"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    TO_CHECK = "to_check"
    CHECKED = "checked"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOIDED = "voided"
    MERGED = "merged"


STATE_LABELS: dict[str, str] = {
    State.REPORTED: "待受理",
    State.TO_VERIFY: "待核实",
    State.ACCEPTED: "待立案",
    State.FILED: "待派遣",
    State.DISPATCHED: "待接收",
    State.HANDLING: "处置中",
    State.TO_CHECK: "待核查",
    State.CHECKED: "待结案",
    State.SUSPENDED: "暂停办理",
    State.CLOSED: "已结案",
    State.REJECTED: "不予受理",
    State.VOIDED: "已作废",
    State.MERGED: "已并案",
}
FINAL_STATES = frozenset({State.CLOSED, State.REJECTED, State.VOIDED, State.MERGED})
OPEN_STATES = tuple(state for state in State if state not in FINAL_STATES)


class Channel(StrEnum):
    """How a report came in (问题来源)."""

    CAMERA = "camera"
    COLLECTOR = "collector"
    HOTLINE = "hotline"
    CITIZEN = "citizen"
    MERCHANT = "merchant"
    PATROL = "patrol"
    SUPERIOR = "superior"


CHANNEL_LABELS: dict[str, str] = {
    Channel.CAMERA: "摄像头抓拍",
    Channel.COLLECTOR: "采集员上报",
    Channel.HOTLINE: "热线",
    Channel.CITIZEN: "群众上报",
    Channel.MERCHANT: "商户上报",
    Channel.PATROL: "巡查发现",
    Channel.SUPERIOR: "上级交办",
}


class Wish(StrEnum):
    """What a reporter wants to hear: nothing was said, an answer, or never to be contacted."""

    UNSAID = ""
    ANSWER = "answer"
    ANONYMOUS = "anonymous"


WISH_LABELS: dict[str, str] = {
    Wish.UNSAID: "未说明",
    Wish.ANSWER: "要求答复",
    Wish.ANONYMOUS: "匿名，不要联系",
}


class Verification(StrEnum):
    """What 核实 found: whether a reported problem exists, before filing."""

    EXISTS = "exists"
    ABSENT = "absent"
    UNABLE = "unable"


VERIFICATION_LABELS: dict[str, str] = {
    Verification.EXISTS: "属实",
    Verification.ABSENT: "不存在",
    Verification.UNABLE: "无法核实",
}


class Check(StrEnum):
    """What 核查 found: whether a handled problem is gone, after handling."""

    PASS = "pass"
    FAIL = "fail"
    UNABLE = "unable"


CHECK_LABELS: dict[str, str] = {
    Check.PASS: "通过",
    Check.FAIL: "不通过",
    Check.UNABLE: "无法核查",
}
