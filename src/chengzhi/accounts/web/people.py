"""The administrator's pages of people and posts."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import commands, queries
from chengzhi.accounts.forms import PersonForm, PostForm, ReasonForm, ResetForm, done
from chengzhi.accounts.interface import acting
from chengzhi.accounts.rules import permit
from chengzhi.accounts.types import (
    ROLE_LABELS,
    Actor,
    Permission,
    PersonCard,
    PersonFilters,
    Role,
)
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.sheets import as_file

MOST_EXPORTED = 50_000


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List people with their posts, or export the list."""
    actor, filters = acting(request), _filters(request)
    permit(actor, Permission.MANAGE_PEOPLE)
    on = timezone.localdate()
    kind = request.GET.get("export", "")
    if kind:
        return _export(actor, filters, kind=kind)
    page = queries.people(actor, filters, on=on, after=_number(request.GET.get("after")))
    context = {
        "page": page,
        "pager": {"total": page.count, "shown": len(page.people), "next": page.next_key},
        "asked": filters,
        "is_filtered": bool(filters.text or filters.unit or filters.role),
        "units": queries.unit_cards(actor),
        "roles": [(role.value, label) for role, label in ROLE_LABELS.items()],
        "today": on,
        "now": timezone.now(),
    }
    return render(request, "accounts/people.html", context)


@login_required
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person: facts, posts, what may be done, what happened."""
    return _person_page(request, person_id, {})


@sensitive_post_parameters("new")
@login_required
@require_http_methods(["GET", "POST"])
def create_person(request: HttpRequest) -> HttpResponseBase:
    """Create a person with a first post."""
    actor = acting(request)
    permit(actor, Permission.MANAGE_PEOPLE)
    form = PersonForm(request.POST or None, units=queries.unit_cards(actor))
    if request.method == "POST" and form.is_valid():
        ref = done(form, lambda: _create(form, actor))
        if ref:
            messages.success(request, _("已新增，本人首次登录时须更换密码"))
            return redirect("person", person_id=int(ref.removeprefix("person:")))
    context = {"form": form, "now": timezone.now()}
    return render(request, "accounts/person_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def give_post(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Give a person a post."""
    form = PostForm(request.POST)
    if form.is_valid():
        data, actor = form.cleaned_data, acting(request)
        given = done(
            form,
            lambda: commands.give_post(
                f"person:{person_id}",
                role=Role(data["role"]),
                valid_from=data["valid_from"],
                actor=actor,
                now=timezone.now(),
            ),
        )
        if given:
            messages.success(request, _("已授予岗位"))
            return redirect("person", person_id=person_id)
    return _person_page(request, person_id, {"post_form": form}, status=422)


@login_required
@require_POST
def end_post(request: HttpRequest, person_id: int, role: str) -> HttpResponseBase:
    """End a post from today on."""
    if role not in set(Role):
        raise NotVisible("没有这个岗位。")
    commands.end_post(
        f"person:{person_id}",
        role=Role(role),
        valid_to=timezone.localdate(),
        actor=acting(request),
        now=timezone.now(),
    )
    messages.success(request, _("已终止岗位"))
    return redirect("person", person_id=person_id)


@login_required
@require_POST
def deactivate(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Stop a person from signing in."""
    form = ReasonForm(request.POST)
    if form.is_valid() and done(form, lambda: _deactivate(form, person_id, acting(request))):
        messages.success(request, _("已停用"))
        return redirect("person", person_id=person_id)
    return _person_page(request, person_id, {"reason_form": form}, status=422)


@sensitive_post_parameters("new")
@login_required
@require_POST
def reset_password(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Give a person a temporary password."""
    form = ResetForm(request.POST)
    if form.is_valid() and done(form, lambda: _reset(form, person_id, acting(request))):
        messages.success(request, _("已重置，本人下次登录时须更换密码"))
        return redirect("person", person_id=person_id)
    return _person_page(request, person_id, {"reset_form": form}, status=422)


def _person_page(
    request: HttpRequest, person_id: int, forms: dict[str, object], status: int = 200
) -> HttpResponse:
    actor = acting(request)
    permit(actor, Permission.MANAGE_PEOPLE)
    found = queries.person_card(actor, person_id)
    context = {
        "person": found,
        "post_form": PostForm(initial={"valid_from": timezone.localdate()}),
        "reason_form": ReasonForm(),
        "reset_form": ResetForm(),
        "entries": queries.person_history(found.ref),
        "today": timezone.localdate(),
        "now": timezone.now(),
        **forms,
    }
    return render(request, "accounts/person.html", context, status=status)


@transaction.atomic
def _create(form: PersonForm, actor: Actor) -> str:
    data, now = form.cleaned_data, timezone.now()
    ref = commands.create_person(
        username=data["username"],
        name=data["name"],
        mobile=data["mobile"],
        unit=data["unit"],
        password=data["new"],
        temporary=True,
        actor=actor,
        now=now,
    )
    role = Role(data["role"])
    commands.give_post(ref, role=role, valid_from=timezone.localdate(now), actor=actor, now=now)
    return ref


def _deactivate(form: ReasonForm, person_id: int, actor: Actor) -> bool:
    reason = form.cleaned_data["reason"]
    commands.deactivate(person_id, reason=reason, actor=actor, now=timezone.now())
    return True


def _reset(form: ResetForm, person_id: int, actor: Actor) -> bool:
    new = form.cleaned_data["new"]
    commands.reset_password(person_id, new=new, actor=actor, now=timezone.now())
    return True


def _filters(request: HttpRequest) -> PersonFilters:
    asked = request.GET
    return PersonFilters(
        text=asked.get("text", "").strip(),
        unit=asked.get("unit", ""),
        role=asked.get("role", ""),
        is_active=asked.get("state", "") != "inactive",
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _export(actor: Actor, filters: PersonFilters, *, kind: str) -> HttpResponse:
    page = queries.people(actor, filters, on=timezone.localdate(), limit=MOST_EXPORTED)
    rows = (_row(found) for found in page.people)
    content, content_type = as_file(kind, _HEAD, rows, zone=timezone.get_current_timezone())
    commands.note_export(count=len(page.people), actor=actor, now=timezone.now())
    response = HttpResponse(content, content_type=content_type)
    name = f"人员-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


_HEAD = ("工号", "姓名", "机构", "岗位", "状态", "上次登录")


def _row(found: PersonCard) -> tuple[str | datetime | None, ...]:
    posts = "、".join(post.label for post in found.posts if post.valid_to is None)
    state = "在岗" if found.is_active else "停用"
    return (found.username, found.name, found.unit_name, posts, state, found.last_login)
