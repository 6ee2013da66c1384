"""What an administrator may write about a camera."""

from urllib.parse import urlsplit

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules.cost import DEFAULTS, read_cost
from chengzhi.vision.types import CameraDraft

FIELD_LABELS = {
    "name": "名称",
    "lon": "经度",
    "lat": "纬度",
    "address": "地点",
    "heading": "朝向",
    "source": "视频地址",
    "worker": "所属识别程序",
    "enabled": "启用",
    "options": "采集参数",
}
#: A path is a clip on the worker's own disk; addresses follow design.md §2.11.
SCHEMES = (
    "", "file", "rtsp", "rtsps", "rtmp", "http", "https", "snapshot+http", "snapshot+https",
    "wvp", "wvps", "detections", "detections+http", "detections+https",
)  # fmt: skip


def check_draft(draft: CameraDraft) -> None:
    """Refuse a malformed camera; `field` names what to correct."""
    if not draft.name.strip() or len(draft.name) > 100:
        raise InvalidInput("名称：请填写，不超过100字，例如“靖南大街天安路口北”。", field="name")
    if not 73 <= draft.lon <= 136:
        raise InvalidInput("经度：应在73到136之间（WGS-84，先经度后纬度）。", field="lon")
    if not 3 <= draft.lat <= 54:
        raise InvalidInput("纬度：应在3到54之间（WGS-84，先经度后纬度）。", field="lat")
    if draft.heading is not None and not 0 <= draft.heading < 360:
        raise InvalidInput("朝向：应为0到359度，正北为0，顺时针。", field="heading")
    if len(draft.address) > 200:
        raise InvalidInput("地点：请缩短到200字以内。", field="address")
    if len(draft.worker) > 60:
        raise InvalidInput("所属识别程序：请缩短到60字以内。", field="worker")
    _check_source(draft.source)
    read_cost({name: draft.options[name] for name in DEFAULTS if name in draft.options})


def _check_source(source: str) -> None:
    if len(source) > 500:
        raise InvalidInput("视频地址：请缩短到500字以内。", field="source")
    if _scheme(source) not in SCHEMES:
        raise InvalidInput(
            "视频地址：请写 rtsp://、http(s)://、wvp:// 地址，或识别程序所在机器上的文件路径。",
            field="source",
        )


def _scheme(source: str) -> str:
    try:
        return urlsplit(source).scheme
    except ValueError:
        return "?"
