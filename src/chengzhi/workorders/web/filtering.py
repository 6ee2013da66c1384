"""Filters as the pages show them: menus to choose from, and a chip for each one that is on."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.measures import MEASURE_LABELS
from chengzhi.workorders.types import CHANNEL_LABELS, CLOSING_RESULT_LABELS, STATE_LABELS
from chengzhi.workorders.web.picking import Pill, pill

DUE_LABELS = {"over": "已超期", "soon": "快到期"}
NOT_FILTERS = (
    "after", "before", "sort", "size", "export", "view", "columns", "density", "show", "bulk",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One filter that is on; a click takes it off."""

    name: str
    label: str
    word: str


def pills(query: QueryDict, actor: Actor) -> list[Pill]:
    """Return the filters that are chosen from menus."""
    known = directory(actor.county, now=timezone.now())
    return [
        pill(query, "state", gettext("状态"), STATE_LABELS),
        pill(query, "town", gettext("镇街"), known.towns),
        pill(query, "channel", gettext("来源"), CHANNEL_LABELS),
        pill(query, "handler", gettext("处置单位"), known.handlers, single=True),
        pill(query, "result", gettext("结案结果"), CLOSING_RESULT_LABELS),
        pill(query, "due", gettext("时限"), DUE_LABELS, single=True),
    ]


def chips(query: QueryDict) -> list[Chip]:
    """Return the filters that are on and have no menu."""
    words = {
        "matter": (gettext("事项"), query.get("matter", "")),
        "grid": (gettext("责任网格"), query.get("grid", "")),
        "text": (gettext("文字"), query.get("text", "")),
        "since": (gettext("从"), query.get("since", "")),
        "until": (gettext("到"), query.get("until", "")),
        "open": (gettext("范围"), gettext("在办") if query.get("open") else ""),
        "mine": (gettext("范围"), gettext("我经手的") if query.get("mine") else ""),
        "star": (gettext("范围"), gettext("我收藏的") if query.get("star") else ""),
        "watch": (gettext("范围"), gettext("我关注的") if query.get("watch") else ""),
        "rework": (gettext("返工不少于"), query.get("rework", "")),
        "measure": (gettext("指标"), MEASURE_LABELS.get(query.get("measure", ""), "")),
    }
    return [
        Chip(name=name, label=label, word=word) for name, (label, word) in words.items() if word
    ]
