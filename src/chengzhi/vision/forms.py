"""The shape of what people write about cameras; the law is checked further in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengzhi.vision.rules.cost import DEFAULTS, fitting, read_cost, with_cost
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import (
    CameraDraft,
    FindingKind,
    PolicyDraft,
)

INPUT = {"class": "inp"}


class CameraForm(forms.Form):
    """What an administrator writes about a camera."""

    code = forms.CharField(
        label=_("编号"), max_length=64, help_text=_("字母、数字、._-，登记后不能改")
    )
    name = forms.CharField(label=_("名称"), max_length=100)
    address = forms.CharField(label=_("地点"), max_length=200, required=False)
    lon = forms.FloatField(label=_("经度（WGS-84）"))
    lat = forms.FloatField(label=_("纬度（WGS-84）"))
    heading = forms.FloatField(label=_("朝向（度，正北为0）"), required=False)
    source = forms.CharField(
        label=_("视频地址"),
        max_length=500,
        required=False,
        help_text=_(
            "rtsp://、http(s)://、wvp://（国标网关）或识别程序所在机器上的文件；只有管理员看得到"
        ),
    )
    worker = forms.CharField(
        label=_("所属识别程序"),
        max_length=60,
        required=False,
        help_text=_("空着表示任何一个都可以接"),
    )
    enabled = forms.BooleanField(label=_("启用"), required=False, initial=True)
    keyframes_only = forms.BooleanField(
        label=_("只看关键帧"),
        required=False,
        initial=True,
        help_text=_(
            "一个CPU核约能看62至80路（720p，关键帧间隔2秒）；不勾选则逐帧解码，一个核约7路。"
            "停放、堆放、占道等以分钟计的事项够用，摄像头的关键帧（I帧）间隔请设为2秒左右；"
            "犬只等转瞬即逝的事项请不勾选"
        ),
    )
    priority = forms.IntegerField(
        label=_("优先级"),
        required=False,
        help_text=_("0到9，空着为0。识别机看不过来时，先放下数小的；本身不增加开销"),
    )
    sample_fps = forms.FloatField(
        label=_("每秒判读帧数"),
        required=False,
        help_text=_(
            "0.05到30，空着为5。只在逐帧解码时有用：判读越多开销越大，但解码的开销省不下来"
        ),
    )
    snapshot_s = forms.FloatField(
        label=_("截图间隔"),
        required=False,
        help_text=_(
            "秒，0.2到3600，空着为5。只对截图地址（.jpg）有用：间隔越长，开销越小，但停留的起点也越粗"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)

    def draft(self, *, options: dict[str, object]) -> CameraDraft:
        """Return what was written, laid over the camera's options; the code is not part of it.

        :raises InvalidInput: a setting of cost is out of bounds.
        """
        written = dict(self.cleaned_data)
        written.pop("code", None)
        told = {name: written.pop(name) for name in DEFAULTS}
        cost = {name: DEFAULTS[name] if value is None else value for name, value in told.items()}
        cost = fitting(read_cost(cost), written["source"])
        return CameraDraft(**written, options=with_cost(options, cost))


class CostForm(forms.Form):
    """What several cameras may cost; what is left empty stays as it is."""

    keyframes_only = forms.TypedChoiceField(
        label=_("只看关键帧"),
        required=False,
        choices=(("", _("不改")), ("1", _("是（一核约62至80路）")), ("0", _("否（一核约7路）"))),
        coerce=lambda value: value == "1",
        empty_value=None,
    )
    priority = forms.IntegerField(label=_("优先级"), required=False)
    sample_fps = forms.FloatField(label=_("每秒判读帧数"), required=False)
    snapshot_s = forms.FloatField(label=_("截图间隔"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)
        for name in ("priority", "sample_fps", "snapshot_s"):
            self.fields[name].widget.attrs.update({"placeholder": _("不改")})


class ScorePolicyForm(forms.Form):
    """What a published policy says about a category's thresholds."""

    kind = forms.ChoiceField(label=_("抓拍类型"))
    title = forms.CharField(label=_("名称"), max_length=100)
    document = forms.CharField(label=_("文号"), max_length=100)
    target = forms.FloatField(
        label=_("目标准确率"), initial=0.9, help_text=_("上复核台的抓拍里应属实的比例，例如 0.90")
    )
    floor = forms.FloatField(label=_("阈值下限"), initial=0.25)
    ceiling = forms.FloatField(label=_("阈值上限"), initial=0.85)
    most_step = forms.FloatField(label=_("一次最多调整"), initial=0.15)
    exploration_share = forms.FloatField(
        label=_("探查比例"),
        initial=0.05,
        help_text=_("低于阈值的抓拍仍按这个比例抽取上台，估计才不失真"),
    )
    is_automatic = forms.BooleanField(
        label=_("范围内自动调整"),
        required=False,
        help_text=_("不勾选时，每次调整都由人采纳；勾选后由公布人负责"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in FindingKind if kind is not FindingKind.CAMERA_BLIND]
        choices = [(str(kind), _(kind_label(kind))) for kind in kinds]
        self.fields["kind"] = forms.ChoiceField(label=_("抓拍类型"), choices=choices)
        _dress(self)

    def draft(self) -> PolicyDraft:
        """Return what was written."""
        return PolicyDraft(**self.cleaned_data)


def _dress(form: forms.Form) -> None:
    for field in form.fields.values():
        if not isinstance(field.widget, forms.CheckboxInput):
            field.widget.attrs.update(INPUT)
