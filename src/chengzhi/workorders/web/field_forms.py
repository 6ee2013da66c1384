"""The forms of beats, control areas and on-the-spot policies: shape only; rules say the rest."""

import json
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengzhi.workorders.types import POLICY_KIND_LABELS, PolicyKind

Pairs = list[tuple[str, str]]
DAYS: list[tuple[str, str | Promise]] = [
    ("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")),
    ("5", _("周五")), ("6", _("周六")), ("7", _("周日")),
]  # fmt: skip
EVERY_DAY = [day for day, _label in DAYS]


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "inp"

    def offer(self, name: str, pairs: list[Any]) -> None:
        """Set what a choice field offers."""
        self.fields[name].choices = pairs  # type: ignore[attr-defined]


class _Days(forms.MultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("星期"),
            choices=DAYS,
            initial=EVERY_DAY,
            widget=forms.CheckboxSelectMultiple,
        )


class BeatForm(_Form):
    """Which collector looks after which area on which days."""

    person = forms.ChoiceField(label=_("采集员"))
    area_prefix = forms.ChoiceField(
        label=_("范围"), help_text=_("范围越小越先采用；一个网格可以安排几个人")
    )
    weekdays = _Days()
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Pairs, areas: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", [("", _("请选择")), *people])
        self.offer("area_prefix", [("", _("请选择")), *areas])


class ControlForm(_Form):
    """Where and when something is allowed."""

    title = forms.CharField(
        label=_("名称"), max_length=100, help_text=_("例如“县政府批准的丹东农贸集市”")
    )
    permit = forms.CharField(label=_("许可文号"), max_length=100, required=False)
    matter_prefixes = forms.MultipleChoiceField(
        label=_("事项"),
        required=False,
        widget=forms.SelectMultiple({"size": "8"}),
        help_text=_("不选即各类事项"),
    )
    area_prefix = forms.ChoiceField(label=_("网格、街道"), required=False)
    road = forms.ChoiceField(label=_("道路"), required=False)
    weekdays = _Days()
    from_time = forms.TimeField(
        label=_("每天从"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    to_time = forms.TimeField(
        label=_("每天到"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("早于开始即到次日；不填为全天"),
    )
    valid_from = forms.DateField(
        label=_("从哪天"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("到哪天之前"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    polygon = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, matters: list[Any], areas: list[Any], roads: Pairs, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("matter_prefixes", matters)
        self.offer("area_prefix", [("", _("不限")), *areas])
        self.offer("road", [("", _("不限")), *roads])

    def clean_polygon(self) -> Any:
        """Return the drawn surface as GeoJSON, or nothing."""
        text = self.cleaned_data["polygon"]
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("范围无法识别，请重新画。")) from error


class PolicyForm(_Form):
    """What collectors may handle on the spot, or what a camera may check."""

    kind = forms.ChoiceField(
        label=_("办法"),
        required=False,
        choices=[(kind.value, _(POLICY_KIND_LABELS[kind])) for kind in PolicyKind],
        help_text=_("监控核查：处置之后由报告问题的摄像头看到消失，即算核查通过"),
    )
    title = forms.CharField(label=_("名称"), max_length=100)
    document = forms.CharField(label=_("文号"), max_length=100, help_text=_("公布的文件编号"))
    matter_prefixes = forms.MultipleChoiceField(
        label=_("事项"), widget=forms.SelectMultiple({"size": "10"})
    )
    sample_percent = forms.IntegerField(
        label=_("抽查比例（%）"),
        min_value=0,
        max_value=100,
        initial=10,
        help_text=_("抽中的案件由另一位采集员核查；按编号确定，不能挑选"),
    )

    def __init__(self, *args: Any, matters: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("matter_prefixes", matters)

    def clean_kind(self) -> PolicyKind:
        """Return the kind; left out it is what collectors handle."""
        return PolicyKind(self.cleaned_data["kind"] or PolicyKind.SPOT)
