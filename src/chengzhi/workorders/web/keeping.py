"""What a person keeps: saved views, stars and watches; and whom a remark may mention."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.commands import marks, settings, views
from chengzhi.workorders.queries.marks import marks_of
from chengzhi.workorders.queries.mentions import colleagues
from chengzhi.workorders.types import MARK_LABELS, Mark
from chengzhi.workorders.web.parsing import done, is_htmx


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters that the list shows under a name, for oneself or for the unit."""
    actor, query, now = accounts.acting(request), request.POST.get("query", ""), timezone.now()
    pk = settings.save_view(name=request.POST.get("name", ""), query=query, actor=actor, now=now)
    if request.POST.get("share") == "1":
        views.share_view(pk, is_shared=True, actor=actor, now=now)
    return done(request, gettext("已存为视图。"), to=f"{reverse('workorder-list')}?{query}")


@login_required
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a saved view."""
    settings.drop_view(pk, actor=accounts.acting(request))
    return done(request, gettext("已删去视图。"), to=reverse("workorder-list"))


@login_required
@require_POST
def change_view(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Share a view, keep it to oneself, rename it, or open the list with it."""
    actor, now = accounts.acting(request), timezone.now()
    if deed in ("share", "unshare"):
        views.share_view(pk, is_shared=deed == "share", actor=actor, now=now)
        said = gettext("已共享给本单位。") if deed == "share" else gettext("已改为仅自己可见。")
    elif deed == "rename":
        views.rename_view(pk, name=request.POST.get("name", ""), actor=actor, now=now)
        said = gettext("已改名。")
    elif deed in ("open-with", "open-plain"):
        views.open_with(pk if deed == "open-with" else None, actor=actor, now=now)
        said = gettext("已设为默认视图。") if deed == "open-with" else gettext("已取消默认视图。")
    else:
        raise Http404
    return done(request, said, to=reverse("workorder-list") + "?view=all")


@login_required
@require_POST
def mark(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Put a star or a watch on a work order, or take it off."""
    if kind not in set(Mark):
        raise Http404
    actor = accounts.acting(request)
    is_on = request.POST.get("on") == "1"
    marks.set_mark(pk, Mark(kind), on=is_on, actor=actor, now=timezone.now())
    if is_htmx(request):
        context = {"pk": pk, "marks": marks_of(actor, pk)}
        return render(request, "workorders/parts/marks.html", context)
    word = gettext(MARK_LABELS[kind])
    said = gettext("已%s。") % word if is_on else gettext("已取消%s。") % word
    return done(request, said, to=reverse("workorder-detail", args=[pk]))


@login_required
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the people whom a remark on this record may mention."""
    found = colleagues(
        accounts.acting(request), pk, text=request.GET.get("q", ""), now=timezone.now()
    )
    return render(request, "workorders/parts/people.html", {"people": found})
