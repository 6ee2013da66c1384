"""The administrator's pages of tokens; the plain text is shown once."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import commands, queries
from chengzhi.accounts.forms import TokenForm, done
from chengzhi.accounts.interface import acting
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import Actor, Issued, Permission


@login_required
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """List the county's tokens."""
    return _page(request, TokenForm(), issued=None)


@login_required
@never_cache
@require_POST
def issue_token(request: HttpRequest) -> HttpResponse:
    """Issue a token for a machine and show it this once."""
    actor = acting(request)
    permit(actor, Permission.ISSUE_TOKENS)
    form = TokenForm(request.POST)
    issued = done(form, lambda: _issue(form, actor)) if form.is_valid() else None
    return _page(request, form if issued is None else TokenForm(), issued=issued)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponseBase:
    """End a token at once."""
    commands.revoke_token(token_id, actor=acting(request), now=timezone.now())
    messages.success(request, _("已吊销令牌"))
    return redirect("tokens")


def _issue(form: TokenForm, actor: Actor) -> Issued:
    now = timezone.now()
    return commands.issue_token(
        name=form.cleaned_data["name"],
        scopes=form.scope_values(),
        expires_at=now + timedelta(days=form.cleaned_data["days"]),
        actor=actor,
        now=now,
    )


def _page(request: HttpRequest, form: TokenForm, *, issued: Issued | None) -> HttpResponse:
    actor = acting(request)
    permit(actor, Permission.ISSUE_TOKENS)
    context = {
        "tokens": queries.tokens(actor),
        "form": form,
        "issued": issued,
        "now": timezone.now(),
    }
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)
