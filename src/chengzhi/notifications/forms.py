"""The shape of what people type about messages; the law of it is in the commands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chengzhi.kernel.events import REGISTRY
from chengzhi.notifications.rules.templates import webhook_fields
from chengzhi.notifications.types import MEDIUM_LABELS, Medium, Window


class Plain(forms.Form):
    """A form whose fields carry the console's class."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "inp")


class WordsForm(Plain):
    """A county's own words for a message."""

    medium = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(label=_("正文"), max_length=600, widget=forms.Textarea({"rows": 4}))


class PreferencesForm(Plain):
    """How one wants to be told."""

    media = forms.MultipleChoiceField(  # type: ignore[assignment]
        label=_("除站内消息外，还用"),
        required=False,
        choices=[(m.value, _(MEDIUM_LABELS[m])) for m in (Medium.SMS, Medium.MAIL)],
        widget=forms.CheckboxSelectMultiple,
    )
    muted = forms.MultipleChoiceField(
        label=_("不需要通知的事项"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = forms.TimeField(
        label=_("免打扰自"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=_("免打扰至"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    mail = forms.EmailField(label=_("邮箱"), required=False)

    def __init__(self, *args: Any, optional: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["muted"].choices = optional  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse quiet hours with one end only."""
        data: dict[str, Any] = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("免打扰的起止时间要么都填，要么都不填。"))
        return data

    def quiet(self) -> Window | None:
        """Return the chosen quiet hours; none means the county's."""
        begins, ends = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return Window(begins=begins, ends=ends) if begins is not None else None


def event_choices() -> list[tuple[str, str]]:
    """Return the events that machines may be told of, with their labels."""
    return [(name, f"{REGISTRY[name].label}（{name}）") for name in webhook_fields()]


class WebhookForm(Plain):
    """To whom events are pushed."""

    name = forms.CharField(
        label=_("推送给"), max_length=60, help_text=_("例如“县大数据局数据底座”")
    )
    url = forms.CharField(
        label=_("地址"), max_length=500, help_text=_("https:// 开头的公网地址；不跟随跳转")
    )
    events = forms.MultipleChoiceField(
        label=_("事件"), choices=event_choices, widget=forms.CheckboxSelectMultiple
    )
