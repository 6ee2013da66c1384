"""What a published policy for thresholds must say."""

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.types import FindingKind, PolicyDraft

SHARES = {
    "target": ("目标准确率", 0.5, 0.99),
    "floor": ("下限", 0.0, 1.0),
    "ceiling": ("上限", 0.0, 1.0),
    "most_step": ("一次最多调整", 0.01, 0.5),
    "exploration_share": ("探查比例", 0.01, 0.5),
}


def check_policy(draft: PolicyDraft) -> None:
    """Refuse a malformed policy; `field` names what to correct."""
    for name, label in (("title", "名称"), ("document", "文号")):
        if not 2 <= len(getattr(draft, name).strip()) <= 100:
            raise InvalidInput(f"{label}应有 2 至 100 字，请重写。", field=name)
    if draft.kind not in set(FindingKind) - {FindingKind.CAMERA_BLIND}:
        raise InvalidInput("请选择抓拍类型。", field="kind")
    for name, (label, low, high) in SHARES.items():
        if not low <= getattr(draft, name) <= high:
            raise InvalidInput(f"{label}应在 {low:g} 至 {high:g} 之间，请改正。", field=name)
    if draft.floor > draft.ceiling:
        raise InvalidInput("下限高于上限，请改正。", field="floor")


def policy_text(draft: PolicyDraft) -> str:
    """Return a policy in one sentence."""
    how = "范围内自动调整" if draft.is_automatic else "每次调整由人采纳"
    return (
        f"目标准确率 {draft.target:.0%}，阈值 {draft.floor:.2f}–{draft.ceiling:.2f}，"
        f"一次最多 {draft.most_step:.2f}，探查 {draft.exploration_share:.0%}，{how}"
    )
