"""The review of a finding: only a person makes of it more than a machine's opinion."""

from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.vision.rules.review import (
    evidence_is_there,
    is_about_the_camera,
    is_about_the_street,
    undo_window_is_open,
    work_order_has_not_moved,
)
from chengzhi.vision.types import FINDING_STATE_LABELS, FindingState

REVIEWABLE = (is_about_the_street, evidence_is_there)
REVIEW_BASIS = "自动抓拍须经人工复核方可立案（domain.md 1.8）"
PENALTY_BASIS = "行政处罚法 第四十一条：电子技术监控记录未经审核不得作为处罚证据"


def _undo(source: FindingState) -> Step:
    return Step(
        name="reopen",
        label="撤回判定",
        source=source,
        target=FindingState.PENDING,
        role="reviewer",
        basis="复核差错当场纠正，限10分钟且案件尚未流转",
        guards=(undo_window_is_open, work_order_has_not_moved),
    )


REVIEW = Procedure(
    name="finding-review",
    label="抓拍复核",
    version="1",
    initial=FindingState.PENDING,
    final=frozenset(
        {
            FindingState.CONFIRMED,
            FindingState.REJECTED,
            FindingState.MERGED,
            FindingState.NOTED,
            FindingState.PARKED,
        }
    ),
    states={str(state): label for state, label in FINDING_STATE_LABELS.items()},
    steps=(
        Step(
            name="confirm",
            label="确认，生成案件",
            source=FindingState.PENDING,
            target=FindingState.CONFIRMED,
            role="reviewer",
            basis=f"{REVIEW_BASIS}；{PENALTY_BASIS}",
            guards=REVIEWABLE,
        ),
        Step(
            name="reject",
            label="判为误报",
            source=FindingState.PENDING,
            target=FindingState.REJECTED,
            role="reviewer",
            basis=REVIEW_BASIS,
            guards=REVIEWABLE,
        ),
        Step(
            name="merge",
            label="并入已有案件",
            source=FindingState.PENDING,
            target=FindingState.MERGED,
            role="reviewer",
            basis="同一问题只立一案，重复的并入（domain.md 1.5）",
            guards=REVIEWABLE,
        ),
        Step(
            name="note",
            label="转为设备异常",
            source=FindingState.PENDING,
            target=FindingState.NOTED,
            role="system",
            basis="GB/T 47678.5 01050 监控电子眼设施异常",
            guards=(is_about_the_camera,),
        ),
        Step(
            name="park",
            label="压下",
            source=FindingState.PENDING,
            target=FindingState.PARKED,
            role="system",
            basis="低于已发布的识别阈值，由发布人负责（docs/adr/0009）",
            guards=(is_about_the_street,),
        ),
        Step(
            name="bring_up",
            label="调出复核",
            source=FindingState.PARKED,
            target=FindingState.PENDING,
            role="reviewer",
            basis=REVIEW_BASIS,
        ),
        _undo(FindingState.CONFIRMED),
        _undo(FindingState.REJECTED),
        _undo(FindingState.MERGED),
    ),
)
