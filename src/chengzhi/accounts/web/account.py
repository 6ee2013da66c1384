"""One's own account: who one is here, language, theme, password."""

from typing import cast

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import commands, queries
from chengzhi.accounts.forms import PasswordForm, PreferencesForm, done
from chengzhi.accounts.interface import acting
from chengzhi.accounts.types import Preferences
from chengzhi.accounts.web.sign_in import keep_preferences


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponseBase:
    """Show who one is, and keep language and theme."""
    own = cast(int, request.user.pk)
    chosen = queries.preferences(own)
    form = PreferencesForm(
        request.POST or None, initial={"language": chosen.language, "theme": chosen.theme}
    )
    if request.method == "POST" and form.is_valid():
        values = form.values()
        commands.set_preferences(own, **values)
        messages.success(request, _("已保存"))
        response = redirect("account")
        keep_preferences(response, Preferences(**values))
        return response
    context = {
        "person": queries.own_card(own),
        "form": form,
        "sign_ins": queries.recent_sign_ins(acting(request).ref),
        "now": timezone.now(),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("old", "new", "again")
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """Replace one's own password; other sessions of the person end."""
    form = PasswordForm(request.POST or None)
    own = cast(int, request.user.pk)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        if done(form, lambda: _change(own, old=old, new=new)):
            auth.update_session_auth_hash(request, queries.person_for_session(own))
            messages.success(request, _("密码已修改，其他设备上的登录已退出"))
            return redirect("account")
    is_forced = queries.own_card(own).needs_password
    context = {"form": form, "is_forced": is_forced, "now": timezone.now()}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


def _change(own: int, *, old: str, new: str) -> bool:
    commands.change_password(own, old=old, new=new, now=timezone.now())
    return True
