"""What notifies whom, in which words; a county may write its own."""

from typing import Any

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import ROLE_LABELS, Actor, Permission, Role
from chengzhi.kernel.events import REGISTRY
from chengzhi.notifications.commands.texts import override_text, restore_text
from chengzhi.notifications.forms import WordsForm
from chengzhi.notifications.queries.texts import (
    overridden,
    overrides,
    template_now,
    words_in_force,
)
from chengzhi.notifications.rules.templates import labels, occasions, require_sound, written
from chengzhi.notifications.rules.templates import templates as templates_on
from chengzhi.notifications.types import MEDIUM_LABELS, Occasion, Template, Words
from chengzhi.notifications.web.asking import done

RECORD_WORDS = {
    "handler": "处置单位",
    "verifier": "核实人",
    "checker": "核查人",
    "reporter": "要求答复的报告人",
    "watchers": "关注的人",
}
FIELD_WORDS = {
    "unit": "处置单位",
    "assignee": "被指派人",
    "person": "被提到的人",
    "departments": "响应部门",
}


@login_required
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates, and the one table of what notifies whom."""
    actor = _manager(request)
    own = overridden(county=actor.county)
    context = {
        "templates": [
            {
                "template": row,
                "media": [MEDIUM_LABELS[medium] for medium in row.words],
                "is_own": row.key in own,
            }
            for row in templates_on(on=timezone.localdate())
        ],
        "occasions": [_occasion(row) for row in occasions()],
        "manages": True,
        "view": "templates",
        "now": timezone.now(),
    }
    return render(request, "notifications/templates.html", context)


def _occasion(row: Occasion) -> dict[str, Any]:
    known = REGISTRY.get(row.event)
    return {
        "label": known.label if known else row.event,
        "event": row.event,
        "template": row.template,
        "template_label": labels()[row.template],
        "to": [_whom(one) for one in row.to],
        "when": row.when,
    }


def _whom(one: str) -> str:
    kind, _colon, name = one.partition(":")
    if kind == "role":
        return ROLE_LABELS[Role(name)]
    return RECORD_WORDS.get(name, name) if kind == "record" else FIELD_WORDS.get(name, name)


@login_required
@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, key: str) -> HttpResponseBase:
    """Preview a template with its example, and write the county's own words."""
    actor, now = _manager(request), timezone.now()
    found = template_now(key, now=now)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            return _page(request, actor, found, form, is_preview=_is_sound(form, found))
        if done(form, lambda: override_text(key, **form.cleaned_data, actor=actor, now=now)):
            toasts.success(request, _("已保存，今后的通知用新文本"))
            return redirect("notification-template", key=key)
    return _page(request, actor, found, form)


def _is_sound(form: WordsForm, found: Template) -> bool:
    said = form.cleaned_data
    words = Words(title=said["title"], text=said["text"])
    done(form, lambda: require_sound(words, known=found.fields))
    return not form.errors


def _page(
    request: HttpRequest,
    actor: Actor,
    found: Template,
    form: WordsForm,
    *,
    is_preview: bool = False,
) -> HttpResponse:
    in_force = words_in_force(found, county=actor.county)
    versions = overrides(found.key, county=actor.county)
    own = {version.medium for version in versions if version.ended_at is None}
    context = {
        "template": found,
        "media": [
            _medium(found, medium, words, form, is_own=medium in own, is_preview=is_preview)
            for medium, words in in_force.items()
        ],
        "versions": [(MEDIUM_LABELS[version.medium], version) for version in versions],
        "manages": True,
        "view": "templates",
        "now": timezone.now(),
    }
    status = 422 if form.errors else 200
    return render(request, "notifications/template.html", context, status=status)


def _medium(
    found: Template, medium: str, words: Words, form: WordsForm, *, is_own: bool, is_preview: bool
) -> dict[str, Any]:
    """Return one medium's preview, and its form with what was typed if it is the one in hand."""
    is_in_hand = form.is_bound and form.data.get("medium") == medium
    if is_in_hand and is_preview:
        said = form.cleaned_data
        words = Words(title=said["title"], text=said["text"])
    start = {"medium": medium, "title": words.title, "text": words.text}
    own_form = form if is_in_hand else WordsForm(initial=start, auto_id=f"id_{medium}_%s")
    return {
        "value": medium,
        "label": MEDIUM_LABELS[medium],
        "preview": written(words, found.example),
        "is_draft": is_in_hand and is_preview,
        "is_own": is_own,
        "form": own_form,
    }


@login_required
@require_POST
def restore(request: HttpRequest, key: str) -> HttpResponseBase:
    """Go back to the words that come with the platform."""
    actor = _manager(request)
    medium = request.POST.get("medium", "")
    restore_text(key, medium=medium, actor=actor, now=timezone.now())
    toasts.success(request, _("已恢复为随系统文本"))
    return redirect("notification-template", key=key)


def _manager(request: HttpRequest) -> Actor:
    actor = accounts.acting(request)
    accounts.permit(actor, Permission.MANAGE_NOTICES)
    return actor
