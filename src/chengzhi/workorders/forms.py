"""The forms of reports and routing rules: they check shape; the domain's rules say the rest."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengzhi.workorders.types import CHANNEL_LABELS, WISH_LABELS


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
        choices=[(wish.value, _(word)) for wish, word in WISH_LABELS.items()],
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


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a routing rule may name, as code and name."""

    matters: list[tuple[str, Pairs]]
    towns: Pairs
    grids: Pairs
    kinds: Pairs
    units: Pairs


class RoutingForm(forms.Form):
    """Which unit handles what, where, from today on."""

    matter_prefix = forms.ChoiceField(label=_("事项"), required=False)
    area_prefix = forms.ChoiceField(label=_("范围"), required=False)
    handler_kind = forms.ChoiceField(
        label=_("处置单位类型"),
        required=False,
        help_text=_("立案条件写明的处置单位类型；不限即各类都适用"),
    )
    unit = forms.ChoiceField(label=_("处置单位"))
    note = forms.CharField(
        label=_("备注"),
        max_length=200,
        required=False,
        help_text=_("为什么这样派，派遣员会看到"),
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
            "handler_kind": [("", _("不限")), *choices.kinds],
            "unit": [("", _("请选择")), *choices.units],
        }
        for name, pairs in offered.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "inp"
