"""The words of the standards pages: durations, days, who must act, and where a row comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, gettext

from chengzhi.kernel.duration import Duration, RollRule, StartRule
from chengzhi.standards.types import Dated, Direction, LegalLimit

PARTY_LABELS = {
    "agency": "行政机关",
    "party": "当事人",
    "organ": "有关机关",
    "court": "人民法院",
    "police": "公安机关",
}
START_LABELS: dict[str, str] = {StartRule.MOMENT: "即时起算", StartRule.NEXT_DAY: "次日起算"}
ROLL_LABELS: dict[str, str] = {RollRule.NONE: "不顺延", RollRule.NEXT_WORKING_DAY: "遇节假日顺延"}
AMOUNT_UNIT_LABELS = {"yuan": "元", "percent": "%"}
TRIGGER_LABELS = {
    "act_ended": "违法行为终了",
    "application_accepted": "受理申请",
    "application_copy_received": "收到申请书副本",
    "application_received": "收到申请",
    "capture_entered": "记录信息录入系统",
    "captured": "设备取得记录",
    "cash_collected": "当场收缴罚款",
    "cash_received": "收到代收罚款",
    "clue_received": "收到线索",
    "complaint_received": "收到投诉、举报",
    "court_accepted": "法院受理",
    "court_applied": "申请法院执行",
    "decided": "作出决定",
    "decision_known": "知道决定",
    "decision_overturned": "决定被撤销或变更",
    "error_verified": "核实记录有误",
    "filed": "立案之日",
    "hearing": "举行听证",
    "measure_taken": "采取措施",
    "notice_published": "公告发布",
    "notice_served": "告知书送达",
    "permit_granted": "准予许可",
    "petition_accepted": "受理信访",
    "petition_received": "收到信访",
    "petition_referred": "转送信访",
    "planning_report_accepted": "受理规划举报",
    "planning_report_received": "收到规划举报",
    "preserved": "先行登记保存",
    "published": "公告发布",
    "recheck_received": "收到复核申请",
    "reconsideration_accepted": "受理复议",
    "reconsideration_received": "收到复议申请",
    "referral_approved": "批准移送",
    "referral_received": "收到移送材料",
    "referral_reported": "提出移送报告",
    "refusal_received": "收到不予立案通知",
    "remedy_period_ended": "救济期限届满",
    "reminder_served": "催告书送达",
    "reply_received": "收到答复",
    "review_received": "收到复查申请",
    "review_reply_received": "收到复查意见",
    "seizure_decided": "作出查封、扣押决定",
    "served": "文书送达",
    "substitute_performance": "实施代履行",
    "suggestion_received": "收到检察建议",
}
MARK = re.compile(r"\[([^\]]*)\]")
OWN_NOTES = re.compile(r"\bdomain [\d.]+(, [\d.]+)*")  # sections of the makers' notes
PHRASES = (  # sources are written in English; readers of Chinese pages get these words
    ("sample city (Yuncheng) mapped from a similar category", "由运城市相近类别对应"),
    ("sample city (Yuncheng) mapped", "由运城市标准对应"),
    ("unmapped: default row, confirm locally", "样本中没有对应类别，默认条件"),
    ("own default, confirm locally", "本系统默认条件"),
    ("local extension", "本地扩展"),
    ("after sample city", "参照运城市"),
    ("sample system 24 h", "样本系统为 24 小时"),
    ("sample system 2 h", "样本系统为 2 小时"),
    ("to be confirmed by the legal office", "待法制机构确认"),
    ("the law fixes no length, configurable", "法律未定长度，可按本地调整"),
    ("configurable", "可按本地调整"),
    ("collectors' verify tasks 1–2 h in built-up areas", "建成区采集员核实一般 1 至 2 小时"),
    ("a handler returns within a short window, e.g. 2 work hours", "处置单位应及时签收"),
    ("camera findings: review within 10 min in duty hours", "抓拍在值班时间 10 分钟内复核"),
    ("a person confirms at the review desk", "由复核员确认"),
    ("review desk", "复核台"),
)


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a row comes from: a word for how sure it is, and the source itself."""

    word: str
    tone: str
    text: str


def provenance(source: str) -> Provenance:
    """Return how sure a row is, read from the marks of its source, and the source in words."""
    marks = " ".join(MARK.findall(source))
    word, tone = _surety(source, marks)
    text = re.sub(r"\s+([,;，；])", r"\1", OWN_NOTES.sub("", MARK.sub("", source))).strip(" ,;:")
    return Provenance(word=word, tone=tone, text=_in_words(text))


def _surety(source: str, marks: str) -> tuple[str, str]:
    if re.search(r"confirm locally|to be confirmed", source) or re.search(r"\bM\b", marks):
        return gettext("待核定"), "warn"
    if "V2" in marks:
        return gettext("据转录核对"), "live"
    if "D" in re.findall(r"\b\w+\b", marks):
        return gettext("本系统设定"), ""
    return (gettext("已核对"), "ok") if "V" in marks else (gettext("本地"), "")


def _in_words(text: str) -> str:
    if (get_language() or "").startswith("en"):
        return text
    for phrase, words in PHRASES:
        text = text.replace(phrase, words)
    return text


def length(duration: Duration | None) -> str:
    """Return a duration in the reader's language; nothing when there is none."""
    return f"{duration.amount} {gettext(duration.unit.label)}" if duration else ""


def in_force(row: Dated) -> str:
    """Return from when to when a row holds, both days included."""
    if row.valid_to is None:
        return gettext("%(day)s 起") % {"day": row.valid_from.isoformat()}
    last = row.valid_to - timedelta(days=1)
    return f"{row.valid_from.isoformat()} – {last.isoformat()}"


def label(labels: Mapping[str, str], key: str) -> str:
    """Return the label of a key, or the key when a local table brings a new one."""
    return gettext(labels[key]) if key in labels else key


def yes(value: bool) -> str:
    """Return yes or no."""
    return gettext("是") if value else gettext("否")


def runs_from(row: LegalLimit) -> str:
    """Return from what a limit runs, or before what it must lie."""
    word = label(TRIGGER_LABELS, row.trigger)
    is_before = row.direction is Direction.BEFORE
    return (gettext("%(event)s前") if is_before else gettext("自%(event)s")) % {"event": word}
