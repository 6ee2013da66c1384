"""The guards of an overtime appeal (超时申诉, domain.md 1.5)."""

from collections.abc import Callable

from chengzhi.workorders.types.appeals import AppealFacts


def reason_given(facts: AppealFacts) -> str | None:
    """An appeal, and its end, say why."""
    return None if facts.reason.strip() else "没有写理由，请写明原因"


def own_lateness(facts: AppealFacts) -> str | None:
    """A unit appeals against its own record."""
    if facts.unit and facts.actor_unit == facts.unit:
        return None
    return "超时记录不是你所在单位的，须由超时单位申诉"


def was_late(facts: AppealFacts) -> str | None:
    """Only a late stage can be appealed."""
    return None if facts.was_overdue else "这一环节没有超期，不需要申诉"


def in_window(facts: AppealFacts) -> str | None:
    """An appeal comes while people still remember."""
    if facts.is_in_window:
        return None
    return f"超过申诉期限（环节结束后 {facts.window_text}），不能再申诉"


def once(facts: AppealFacts) -> str | None:
    """One appeal for one record (domain.md 1.5)."""
    return "这条超时记录已经申诉过，每条只能申诉一次" if facts.appealed_before else None


def not_own_unit(facts: AppealFacts) -> str | None:
    """The unit that was late does not judge it."""
    if facts.actor_unit != facts.unit and facts.actor != facts.lodged_by:
        return None
    return "申诉单位不能审核自己的申诉，须由监督中心办理"


def second_person(facts: AppealFacts) -> str | None:
    """Two reviews are two people."""
    return None if facts.actor != facts.first_by else "初审是你本人办理的，终审须由另一人办理"


TO_LODGE: tuple[Callable[[AppealFacts], str | None], ...] = (
    own_lateness,
    was_late,
    once,
    in_window,
    reason_given,
)


def refusals_to_lodge(facts: AppealFacts) -> list[str]:
    """Return why an appeal cannot be lodged."""
    return [reason for guard in TO_LODGE if (reason := guard(facts))]
