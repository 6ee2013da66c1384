"""What the platform's worker does for the frame every so often."""

from datetime import datetime

from chengzhi.standards import store


def tick(now: datetime) -> int:
    """Notice standards that another process imported; nothing is marked or sent."""
    store.notice()
    return 0
