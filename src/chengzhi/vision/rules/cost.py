"""What a camera may cost: the settings that decide it, how each is written, and what a new one gets."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules import reading

#: The fields of the camera file that decide the cost, and what the worker takes where one is absent.
DEFAULTS: dict[str, Any] = {
    "keyframes_only": False,
    "priority": 0,
    "sample_fps": 5.0,
    "snapshot_s": 5.0,
}
LABELS = {
    "keyframes_only": "只看关键帧",
    "priority": "优先级",
    "sample_fps": "每秒判读帧数",
    "snapshot_s": "截图间隔",
}
#: As the worker reads them; a test holds the two together.
LIMITS = {"priority": (0, 9), "sample_fps": (0.05, 30), "snapshot_s": (0.2, 3600)}
STREAMS = frozenset({"rtsp", "rtsps", "rtmp", "http", "https", "wvp", "wvps"})
PICTURES = (".jpg", ".jpeg")


def cost_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a camera, as the worker will read them."""
    return {name: options.get(name, default) for name, default in DEFAULTS.items()}


def read_cost(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that somebody tells, checked; what is None is not told.

    :raises InvalidInput: a value is out of bounds; `field` names which.
    """
    return {name: _read(name, value) for name, value in told.items() if value is not None}


def _read(name: str, value: Any) -> Any:
    if name == "keyframes_only":
        return reading.flag(value, name)
    low, high = LIMITS[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high or (name == "priority" and value % 1):
        whole = "整数" if name == "priority" else "数"
        raise InvalidInput(f"{LABELS[name]}：应为{low:g}到{high:g}之间的{whole}。", field=name)
    return int(value) if name == "priority" else float(value)


def with_cost(options: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a camera's options with checked settings laid over; what says the same changes nothing."""
    known = cost_of(options)
    return {**options, **{name: value for name, value in told.items() if known[name] != value}}


def changed_cost(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the labels of the settings that differ."""
    known, wanted = cost_of(before), cost_of(after)
    return [LABELS[name] for name in DEFAULTS if known[name] != wanted[name]]


def cost_of_new(source: str) -> dict[str, Any]:
    """Return what a camera starts with where nobody says otherwise.

    The decoder is the budget: a stream in full costs ten times what its key frames do, and what stays for
    minutes is judged as well by one picture in two seconds (video_analytics.md 3.1 and 3.5). A clip and
    single pictures have no such choice.
    """
    is_stream = _parts(source)[0] in STREAMS and has_key_frames(source)
    return {"keyframes_only": True} if is_stream else {}


def fitting(told: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the settings as they can be meant: single pictures and told boxes have no key frames."""
    if "keyframes_only" in told and not has_key_frames(source):
        return {**told, "keyframes_only": False}
    return dict(told)


def has_key_frames(source: str) -> bool:
    """Tell whether a source is video, as a stream or a clip."""
    scheme, path = _parts(source)
    return scheme.partition("+")[0] not in ("snapshot", "detections") and not path.endswith(
        PICTURES
    )


def _parts(source: str) -> tuple[str, str]:
    try:
        parts = urlsplit(source)
    except ValueError:
        return "", ""
    return parts.scheme, parts.path.lower()
