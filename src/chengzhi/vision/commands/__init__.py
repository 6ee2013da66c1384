"""Writes: one deed, one transaction, one event."""

from chengzhi.vision.commands.calibrate import (
    accept_threshold,
    decline_threshold,
    set_threshold,
    take_back_threshold,
)
from chengzhi.vision.commands.cameras import (
    change_camera,
    import_camera_file,
    register_camera,
    set_cost,
    set_still,
)
from chengzhi.vision.commands.health import record_heartbeat
from chengzhi.vision.commands.import_cameras import import_cameras
from chengzhi.vision.commands.incidents import mark_silent
from chengzhi.vision.commands.leases import call_for_leases, forget_memories
from chengzhi.vision.commands.outages import tell_of_outages
from chengzhi.vision.commands.park import bring_up_finding
from chengzhi.vision.commands.presets import (
    add_preset,
    change_preset,
    rename_preset,
    renew_preset,
    retire_preset,
    set_home_preset,
)
from chengzhi.vision.commands.recalibrate import recalibrate, recalibrate_if_due
from chengzhi.vision.commands.receive import record_finding, store_evidence
from chengzhi.vision.commands.recheck import (
    answer_recheck,
    ask_recheck,
    ask_rechecks,
    record_gone,
)
from chengzhi.vision.commands.review import (
    confirm_finding,
    link_work_order,
    merge_finding,
    note_work_order_moved,
    reject_finding,
    reopen_finding,
)
from chengzhi.vision.commands.score_policies import end_score_policy, publish_score_policy
from chengzhi.vision.commands.stills import ask_still, bring_still
from chengzhi.vision.commands.trials import (
    ask_trial,
    discard_trial,
    fail_trial,
    finish_trial,
    note_progress,
    switch_on_trial,
)
from chengzhi.vision.commands.zones import restore_plan, save_plan, save_rules, save_zones

__all__ = [
    "ask_trial",
    "discard_trial",
    "fail_trial",
    "finish_trial",
    "note_progress",
    "switch_on_trial",
    "answer_recheck",
    "ask_recheck",
    "ask_rechecks",
    "record_gone",
    "accept_threshold",
    "bring_up_finding",
    "decline_threshold",
    "end_score_policy",
    "publish_score_policy",
    "recalibrate",
    "recalibrate_if_due",
    "set_threshold",
    "take_back_threshold",
    "call_for_leases",
    "forget_memories",
    "ask_still",
    "bring_still",
    "change_camera",
    "confirm_finding",
    "import_camera_file",
    "import_cameras",
    "link_work_order",
    "mark_silent",
    "tell_of_outages",
    "merge_finding",
    "note_work_order_moved",
    "add_preset",
    "change_preset",
    "rename_preset",
    "renew_preset",
    "retire_preset",
    "set_home_preset",
    "record_finding",
    "record_heartbeat",
    "register_camera",
    "reject_finding",
    "reopen_finding",
    "restore_plan",
    "save_plan",
    "save_rules",
    "save_zones",
    "set_cost",
    "set_still",
    "store_evidence",
]
