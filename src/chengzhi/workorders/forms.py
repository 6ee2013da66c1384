"""The forms of reports and routing rules: they check shape; the domain's rules say the rest."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengzhi.workorders.types import CHANNEL_LABELS, WISH_LABELS, RuleDraft


class ReportForm(forms.Form):
    """What somebody at the centre writes down of a report."""

    client_ref = forms.CharField(widget=forms.HiddenInput, max_length=100)
    channel = forms.ChoiceField(label=_("来源"))
    matter_code = forms.ChoiceField(label=_("类别"))
    address = forms.CharField(
        label=_("地点"), max_length=256, help_text=_("路名、门牌或参照物，例如“靖南大街126号门前”")
    )
    lon = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90)
    description = forms.CharField(
        label=_("描述"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    occurred_at = forms.DateTimeField(
        label=_("发生时间"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text=_("不填即为现在"),
    )
    reporter_name = forms.CharField(label=_("报告人"), max_length=60, required=False)
    reporter_phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    reporter_wish = forms.ChoiceField(
        label=_("答复"),
        required=False,
        choices=[(str(wish), _(word)) for wish, word in WISH_LABELS.items()],
        help_text=_("要求答复的，办结后发短信告知；匿名的从不联系"),
    )

    def __init__(
        self, *args: Any, channels: list[str], matters: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (channel, _(CHANNEL_LABELS[channel])) for channel in channels
        ]
        self.fields["matter_code"].choices = [("", _("请选择")), *matters]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs["class"] = "inp"


Pairs = list[tuple[str, str]]
WEEKDAY_CHOICES = [
    ("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")),
    ("5", _("周五")), ("6", _("周六")), ("7", _("周日")),
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a routing rule may name, as code and name."""

    matters: list[tuple[str, Pairs]]
    towns: Pairs
    grids: Pairs
    roads: Pairs
    layers: Pairs
    kinds: Pairs
    units: Pairs
    people: list[tuple[str, Pairs]]  # by unit


class RoutingForm(forms.Form):
    """Which unit handles what, where and when, from a day on."""

    matter_prefix = forms.ChoiceField(label=_("事项"), required=False)
    condition_number = forms.IntegerField(
        label=_("立案条件序号"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("只对该事项的这一种立案条件；不限则不填"),
    )
    area_prefix = forms.ChoiceField(label=_("范围"), required=False)
    road = forms.ChoiceField(label=_("道路"), required=False)
    road_metres = forms.IntegerField(
        label=_("道路两侧（米）"), required=False, min_value=1, max_value=2000
    )
    layer = forms.ChoiceField(
        label=_("图层"), required=False, help_text=_("点位在这块地内；没有装载的图层由人决定")
    )
    weekdays = forms.MultipleChoiceField(
        label=_("星期"),
        required=False,
        choices=WEEKDAY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即每天"),
    )
    slot = forms.CharField(
        label=_("时段"),
        required=False,
        max_length=11,
        help_text=_("例如 18:00-22:00，可过零点；全天不填"),
    )
    handler_kind = forms.ChoiceField(
        label=_("处置单位类型"),
        required=False,
        help_text=_("立案条件写明的处置单位类型；不限即各类都适用"),
    )
    unit = forms.ChoiceField(label=_("处置单位"))
    person = forms.ChoiceField(
        label=_("责任人"), required=False, help_text=_("须在所选单位；派遣员会看到")
    )
    note = forms.CharField(
        label=_("备注"),
        max_length=200,
        required=False,
        help_text=_("为什么这样派，派遣员会看到"),
    )
    valid_from = forms.DateField(
        label=_("启用日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不填即今天"),
    )
    valid_to = forms.DateField(
        label=_("停用日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("长期有效不填"),
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        areas = [
            ("", _("全县")),
            (_("街道（乡镇）"), choices.towns),
            (_("责任网格"), choices.grids),
        ]
        offered: dict[str, list[Any]] = {
            "matter_prefix": [("", _("全部事项")), *choices.matters],
            "area_prefix": [area for area in areas if area[1]],
            "road": [("", _("不限")), *choices.roads],
            "layer": [("", _("不限")), *choices.layers],
            "handler_kind": [("", _("不限")), *choices.kinds],
            "unit": [("", _("请选择")), *choices.units],
            "person": [("", _("不指定")), *choices.people],
        }
        for name, pairs in offered.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if name != "weekdays":
                field.widget.attrs["class"] = "inp"

    def draft(self) -> RuleDraft:
        """Return the rule described."""
        said = dict(self.cleaned_data)
        said["weekdays"] = "".join(said["weekdays"])
        for number in ("condition_number", "road_metres"):
            said[number] = said[number] or 0
        return RuleDraft(**said)


class LayerForm(forms.Form):
    """A polygon that rules may name."""

    title = forms.CharField(
        label=_("名称"), max_length=60, widget=forms.TextInput({"class": "inp"}),
        help_text=_("同名的图层会被替换"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("文件"),
        widget=forms.FileInput({"class": "inp", "accept": ".geojson,.json"}),
        help_text=_("GeoJSON，一个面，经纬度（WGS-84），不超过 1 MB"),
    )


class MatrixForm(forms.Form):
    """A matrix of responsibility as a sheet."""

    file = forms.FileField(
        label=_("文件"),
        widget=forms.FileInput({"class": "inp", "accept": ".xlsx,.csv"}),
        help_text=_("xlsx 或 csv，不超过 1 MB；列名与导出的表格相同"),
    )
    is_whole = forms.BooleanField(
        label=_("这是全部规则"), required=False, help_text=_("选了则停用表中没有的现行规则")
    )
