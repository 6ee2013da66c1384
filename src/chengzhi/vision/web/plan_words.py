"""What the editor's script says, in the reader's language."""

from django.utils.translation import gettext as _

from chengzhi.vision.rules.wording import DETECTOR_LABELS, WEEKDAYS


def words() -> dict[str, object]:
    """Return the words by their place in the script."""
    return {
        "corner": _("点"),
        "between": _("加点："),
        "far": _("远处的人"),
        "near": _("近处的人"),
        "feet": _("脚底"),
        "head": _("头顶"),
        "least": _("点数已经最少，不能再删"),
        "rules": _("规则 %s 条"),
        "small": _("此处目标太小"),
        "smallFar": _("远端此处目标太小：约 %s 像素，至少 64。请把远端收近，或把镜头推近。"),
        "smallWhole": _("此处目标太小：整个区域都不到 64 像素。请换近处画，或调镜头。"),
        "smallest": _("最小可判目标：远端 %far 米，近端 %near 米（64 像素）。"),
        "noPerspective": _("标出透视后，这里显示能判到多小的目标。"),
        "unmarked": _("没有标。在远近各标一个站立的人，尺寸和宽度就能用米。"),
        "marked": _("已标两处。"),
        "misfit": _("两处的人应一远一近，画面下方的更高。"),
        "width": _("宽度"),
        "radius": _("半径"),
        "noRule": _("没有规则，本区域不会产生抓拍。"),
        "kindNoRule": _("这类区域本身不产生抓拍，只影响别的区域。"),
        "anyway": _("仍要保存"),
        "allDay": _("全天"),
        "week": _("周"),
        "units": [_("小时"), _("分"), _("秒")],
        "days": [_(f"周{day}") for day in WEEKDAYS],
        "labels": {label: _(word) for label, word in DETECTOR_LABELS.items()},
        "hints": {
            "polygon": _(
                "逐点单击画边界，双击或按回车收口，Esc 不画了。没画点就按回车，在画面中央放一个。"
            ),
            "band": _("沿路缘或店面单击画线，双击或按回车结束，再定宽度和哪一侧。"),
            "spot": _("单击垃圾桶落地的位置，再定半径。按回车放在画面中央。"),
            "mark": _("拖动脚底和头顶，使两根标尺与画面里站立的人（约 1.7 米）一样高，一远一近。"),
            "edit": _(
                "拖动黄点改形状，点空心小点加点，右击或按 Delete 删点；方向键移动 1 像素，加 Shift 移动 10 像素。"
            ),
        },
    }
