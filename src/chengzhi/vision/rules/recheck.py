"""What a second look must say, and who may ask for one."""

from datetime import datetime, timedelta

from chengzhi.accounts.types import Role
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules.message import check_sha256
from chengzhi.vision.types import RecheckMessage

ASKERS = (
    Role.COLLECTOR,
    Role.ACCEPTANCE_OFFICER,
    Role.DUTY_MANAGER,
    Role.REVIEWER,
    Role.SQUAD_LEADER,
)
#: A worker's clock may be a little ahead.
AHEAD = timedelta(minutes=5)
#: A question waits so long for a worker; then it may be asked anew.
ASKED_FOR = timedelta(minutes=10)
REASON_LABELS = {
    "covered": "画面被遮挡",
    "blurred": "画面模糊",
    "frozen": "画面冻结",
    "moved": "画面移位",
    "light": "光线突变",
    "no_picture": "没有画面",
    "other_view": "不在预置位",
    "other_shape": "画面比例与布控时不同",
    "hidden": "被别的物体挡住",
    "no_memory": "没有当时的留底",
    "another": "此处另有同类，外观不同",
    "late": "没有及时看清",
}


def check_recheck(message: RecheckMessage, *, now: datetime) -> None:
    """Refuse a look that contradicts itself.

    :raises InvalidInput: `field` names what is wrong.
    """
    if message.looked_at > now + AHEAD:
        raise InvalidInput("looked_at：时间晚于现在，请校准识别程序的时钟。", field="looked_at")
    if message.still:
        check_sha256(message.still, field="still")


def reason_text(code: str) -> str:
    """Return the worker's word in Chinese; one that this version does not know stands for itself."""
    return REASON_LABELS.get(code, code)


def remark(code: str) -> str:
    """Return the reason as the end of a sentence."""
    return f"：{reason_text(code)}" if code else ""
