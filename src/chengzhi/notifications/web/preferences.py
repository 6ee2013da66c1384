"""How one wants to be told, and what that means for each message."""

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.notifications.commands.preferences import set_preferences
from chengzhi.notifications.forms import PreferencesForm
from chengzhi.notifications.queries.preferences import expected, has_own_quiet, own_choice
from chengzhi.notifications.web.asking import done, manages


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponseBase:
    """Show and keep one's preferences."""
    actor, now = accounts.acting(request), timezone.now()
    rows = expected(actor, now=now)
    optional = [(r.template.key, _(r.template.label)) for r in rows if not r.template.mandatory]
    chosen = own_choice(actor, now=now)
    own_quiet = chosen.quiet if has_own_quiet(actor) else None
    start = {
        "media": list(chosen.media),
        "muted": list(chosen.muted),
        "quiet_from": own_quiet.begins if own_quiet else None,
        "quiet_until": own_quiet.ends if own_quiet else None,
        "mail": chosen.mail,
    }
    form = PreferencesForm(request.POST or None, optional=optional, initial=start)
    if request.method == "POST" and form.is_valid() and done(form, lambda: _keep(form, actor)):
        toasts.success(request, _("已保存"))
        return redirect("notification-preferences")
    context = {
        "form": form,
        "rows": rows,
        "quiet": chosen.quiet,
        "manages": manages(actor),
        "view": "preferences",
        "now": now,
    }
    status = 422 if form.errors else 200
    return render(request, "notifications/preferences.html", context, status=status)


def _keep(form: PreferencesForm, actor: Actor) -> bool:
    said = form.cleaned_data
    set_preferences(
        media=said["media"],
        muted=said["muted"],
        quiet=form.quiet(),
        mail=said["mail"],
        actor=actor,
        now=timezone.now(),
    )
    return True
