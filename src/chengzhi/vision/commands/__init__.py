"""Writes: one deed, one transaction, one event."""

from chengzhi.vision.commands.cameras import (
    change_camera,
    import_camera_file,
    register_camera,
    set_still,
)
from chengzhi.vision.commands.health import mark_silent, record_heartbeat
from chengzhi.vision.commands.receive import record_finding, store_evidence
from chengzhi.vision.commands.review import (
    confirm_finding,
    link_work_order,
    merge_finding,
    note_work_order_moved,
    reject_finding,
    reopen_finding,
)
from chengzhi.vision.commands.zones import save_rules, save_zones

__all__ = [
    "change_camera",
    "confirm_finding",
    "import_camera_file",
    "link_work_order",
    "mark_silent",
    "merge_finding",
    "note_work_order_moved",
    "record_finding",
    "record_heartbeat",
    "register_camera",
    "reject_finding",
    "reopen_finding",
    "save_rules",
    "save_zones",
    "set_still",
    "store_evidence",
]
