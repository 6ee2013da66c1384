"""How a camera is doing at a moment."""

from datetime import datetime

from chengzhi.vision.models import Camera, CameraHealth
from chengzhi.vision.rules.health import SILENT_AFTER
from chengzhi.vision.types import CameraState


def state_of(camera: Camera, health: CameraHealth | None, *, now: datetime) -> CameraState:
    """Return how a camera is doing: its own last word, unless it has been silent since."""
    if not camera.enabled:
        return CameraState.DISABLED
    if health is None:
        return CameraState.NEVER
    if now - health.last_heartbeat_at > SILENT_AFTER:
        return CameraState.SILENT
    return CameraState(health.state)
