"""Shapes of what people type about places; the law of it is in the commands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengzhi.places.types import (
    COMPONENT_STATUS_LABELS,
    DATUM_LABELS,
    PLACE_KIND_LABELS,
    ComponentChange,
    ComponentForm,
    ComponentStatus,
    Point,
)

LARGEST = 20 * 2**20
COMPONENTS = "component"
KINDS = [*((str(k), _(v)) for k, v in PLACE_KIND_LABELS.items()), (COMPONENTS, _("部件（CSV）"))]
STATES = [
    (str(s), _(v)) for s, v in COMPONENT_STATUS_LABELS.items() if s != ComponentStatus.REMOVED
]
INPUT = {"class": "inp"}


class ImportForm(forms.Form):
    """A file of shapes or components."""

    kind = forms.ChoiceField(label=_("数据类型"), choices=KINDS, widget=forms.Select(attrs=INPUT))
    crs = forms.ChoiceField(
        label=_("坐标系"),
        required=False,
        choices=[
            ("", _("与已知边界比对后判断")),
            *((str(d), _(v)) for d, v in DATUM_LABELS.items()),
        ],
        widget=forms.Select(attrs=INPUT),
    )
    file = forms.FileField(label=_("文件"), widget=forms.FileInput(attrs=INPUT))

    def clean_file(self) -> Any:
        """Refuse a file too large to judge in one go."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过20 MB，请分批导入。"))
        return file


class ChangeForm(forms.Form):
    """What changes of a component most often."""

    status = forms.ChoiceField(label=_("状态"), choices=STATES, widget=forms.Select(attrs=INPUT))
    maintainer_name = forms.CharField(
        label=_("养护单位"), required=False, max_length=100, widget=forms.TextInput(attrs=INPUT)
    )
    remark = forms.CharField(
        label=_("备注"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={**INPUT, "rows": 2}),
    )  # fmt: skip

    def change(self) -> ComponentChange:
        """Return the change asked for."""
        asked = self.cleaned_data
        return ComponentChange(
            status=ComponentStatus(asked["status"]),
            maintainer_name=asked["maintainer_name"],
            remark=asked["remark"],
        )


class RegisterForm(forms.Form):
    """A new component."""

    type_code = forms.ChoiceField(label=_("类别"), widget=forms.Select(attrs=INPUT))
    lon = forms.FloatField(
        label=_("经度（WGS-84）"), min_value=73, max_value=136,
        widget=forms.NumberInput(attrs={**INPUT, "step": "any"}),
    )  # fmt: skip
    lat = forms.FloatField(
        label=_("纬度（WGS-84）"), min_value=3, max_value=54,
        widget=forms.NumberInput(attrs={**INPUT, "step": "any"}),
    )  # fmt: skip
    authority_code = forms.CharField(
        label=_("主管部门代码"), max_length=18, widget=forms.TextInput(attrs=INPUT)
    )
    authority_name = forms.CharField(
        label=_("主管部门名称"), max_length=100, widget=forms.TextInput(attrs=INPUT)
    )
    remark = forms.CharField(
        label=_("备注"), required=False, max_length=1000, widget=forms.TextInput(attrs=INPUT)
    )

    def __init__(self, *args: Any, types: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, f"{code} {name}") for code, name in types.items()]
        self.fields["type_code"].choices = choices  # type: ignore[attr-defined]

    def component(self) -> ComponentForm:
        """Return the component described."""
        asked = self.cleaned_data
        return ComponentForm(
            type_code=asked["type_code"],
            point=Point(lon=asked["lon"], lat=asked["lat"]),
            authority_code=asked["authority_code"],
            authority_name=asked["authority_name"],
            remark=asked["remark"],
        )
