"""Guards of a whistle and of a department's answer: the reason why not, or None."""

from chengzhi.evidence.types import FileRole
from chengzhi.workorders.types.whistles import WhistleFacts

MOST_POINTS = 5


def own_town(facts: WhistleFacts) -> str | None:
    """A town answers for its own whistles only (综合行政执法条例 17)."""
    if facts.town and facts.actor_town == facts.town:
        return None
    return "这是别的镇街的吹哨，须由发起吹哨的镇街办理"


def items_named(facts: WhistleFacts) -> str | None:
    """A whistle says what it is about."""
    return None if facts.items else "没有选择事项，请至少选一项"


def in_own_town(facts: WhistleFacts) -> str | None:
    """A town calls departments to a place within its own borders."""
    if facts.located_town and facts.located_town == facts.town:
        return None
    return "地点不在本镇街范围内，请在地图上重新选点"


def departments_named(facts: WhistleFacts) -> str | None:
    """A whistle names departments that are there and may be called."""
    if not facts.departments:
        return "没有选择响应部门，请至少选一个"
    if facts.unknown:
        return f"单位 {'、'.join(facts.unknown)} 不存在、已撤销或不承担响应，请换一个"
    return None


def lead_named(facts: WhistleFacts) -> str | None:
    """Exactly one of the departments leads (牵头部门)."""
    if facts.lead and facts.lead in facts.departments:
        return None
    return "没有指定牵头部门，请在所选部门中指定一个"


def reason_given(facts: WhistleFacts) -> str | None:
    """A return, a dispute or a decision says why."""
    return None if facts.reason.strip() else "没有写理由，请写明原因"


def by_department(facts: WhistleFacts) -> str | None:
    """A department answers for itself."""
    if facts.unit and facts.actor_unit == facts.unit:
        return None
    return "这项任务派给了别的部门，须由该部门办理"


def place_shown(facts: WhistleFacts) -> str | None:
    """Arrival is proved by a place or a picture taken there (到场打卡)."""
    if facts.has_place or facts.photo_roles:
        return None
    return "没有到场定位或照片，请打开定位或在现场拍一张"


def result_written(facts: WhistleFacts) -> str | None:
    """A report says what was done."""
    return None if facts.reason.strip() else "没有写处置结果，请写明做了什么"


def after_photo(facts: WhistleFacts) -> str | None:
    """The lead's report shows the place afterwards."""
    if FileRole.AFTER in facts.photo_roles:
        return None
    return "缺处置后照片，请在现场拍摄至少一张"


def others_reported(facts: WhistleFacts) -> str | None:
    """The lead reports the whole after the others reported their part (首接负责、牵头联办)."""
    if not facts.open_names:
        return None
    return f"{'、'.join(facts.open_names)}还没有反馈，请催办或申请裁定后再汇总"


def all_scored(facts: WhistleFacts) -> str | None:
    """The town scores every department that answered, 1 to 5; a low score says why."""
    given = {score.unit: score for score in facts.scores}
    if missing := sorted(facts.answered - given.keys()):
        return f"还没有给 {'、'.join(missing)} 评分，请逐一评 1 至 {MOST_POINTS} 分"
    scores = [given[unit] for unit in sorted(facts.answered)]
    if any(not 1 <= score.points <= MOST_POINTS for score in scores):
        return f"评分应为 1 至 {MOST_POINTS} 分，请改正"
    if any(score.points <= 2 and not score.words.strip() for score in scores):
        return "评 2 分及以下须写明哪里不满意"
    return None


def lead_there(facts: WhistleFacts) -> str | None:
    """Work goes on where it is only if the lead that was decided on is there."""
    return None if facts.is_lead_there else "裁定的牵头部门还没有到场，须先签收、到场"
