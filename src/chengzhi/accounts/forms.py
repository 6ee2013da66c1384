"""The shape of what people type; the law of it is in the commands."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from chengzhi.accounts.types import (
    ROLE_LABELS,
    THEME_LABELS,
    TOKEN_SCOPE_LABELS,
    UNIT_KIND_LABELS,
    Language,
    Role,
    Theme,
    TokenScope,
    UnitKind,
    UnitRef,
)
from chengzhi.kernel.errors import DomainError

Answer = TypeVar("Answer")
POSTS = [(role.value, _(word)) for role, word in ROLE_LABELS.items() if role is not Role.SYSTEM]


def done(form: forms.Form, deed: Callable[[], Answer]) -> Answer | None:
    """Do the deed; a refusal goes to its field of the form, and nothing is returned."""
    try:
        return deed()
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        field = error.field if error.field in form.fields else None
        form.add_error(field, error.sentence)
        return None


class Plain(forms.Form):
    """A form whose fields carry the console's class."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "inp")


class SignInForm(Plain):
    username = forms.CharField(
        label=_("工号或手机号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(
        label=_("本机 12 小时内免登录（值班台公用电脑请勿勾选）"), required=False
    )


class PasswordForm(Plain):
    old = forms.CharField(
        label=_("原密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，不能全是数字，不能是常见密码，不能与姓名、工号相近。"),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Refuse a repetition that differs."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一致，请重新输入。"))
        return again


class PreferencesForm(Plain):
    language = forms.ChoiceField(
        label=_("界面语言"),
        choices=[(Language.CHINESE.value, "简体中文"), (Language.ENGLISH.value, "English")],
    )
    theme = forms.ChoiceField(
        label=_("深浅色"), choices=[(t.value, _(word)) for t, word in THEME_LABELS.items()]
    )

    def values(self) -> dict[str, Any]:
        """Return the chosen values as types."""
        data = self.cleaned_data
        return {"language": Language(data["language"]), "theme": Theme(data["theme"])}


class UnitChoices(Plain):
    """A form that offers the units which are still open."""

    def __init__(self, *args: Any, units: list[UnitRef], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = "parent" if "parent" in self.fields else "unit"
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("请选择") if field.required else _("无")),
            *((unit.code, f"{unit.name}（{unit.code}）") for unit in units if not unit.closed_on),
        ]


class PersonForm(UnitChoices):
    username = forms.CharField(label=_("工号"), max_length=60)
    name = forms.CharField(label=_("姓名"), max_length=60)
    mobile = forms.CharField(label=_("手机号"), max_length=20, required=False)
    unit = forms.ChoiceField(label=_("机构"))
    role = forms.ChoiceField(label=_("岗位"), choices=POSTS)
    new = forms.CharField(
        label=_("初始密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("本人首次登录时须更换。"),
    )


class PostForm(Plain):
    role = forms.ChoiceField(label=_("岗位"), choices=POSTS)
    valid_from = forms.DateField(
        label=_("起始日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ReasonForm(Plain):
    reason = forms.CharField(label=_("原因"), max_length=200)


class ResetForm(Plain):
    new = forms.CharField(
        label=_("临时密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class UnitForm(UnitChoices):
    code = forms.CharField(
        label=_("机构代码"), max_length=18, help_text=_("统一社会信用代码或本地代码，如 S01")
    )
    name = forms.CharField(label=_("名称"), max_length=100)
    kind = forms.ChoiceField(
        label=_("类型"), choices=[(k.value, _(word)) for k, word in UNIT_KIND_LABELS.items()]
    )
    division = forms.CharField(
        label=_("区划代码"), max_length=12, help_text=_("县 6 位，镇街 9 位，如 110101001")
    )
    parent = forms.ChoiceField(label=_("上级机构"), required=False)

    def values(self) -> dict[str, Any]:
        """Return what was typed, with the kind as its type."""
        return {**self.cleaned_data, "kind": UnitKind(self.cleaned_data["kind"])}


class TokenForm(Plain):
    name = forms.CharField(label=_("用途"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("可用接口"),
        choices=[(scope.value, _(word)) for scope, word in TOKEN_SCOPE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=366, initial=90)

    def scope_values(self) -> list[TokenScope]:
        """Return the chosen scopes as types."""
        return [TokenScope(scope) for scope in self.cleaned_data["scopes"]]
