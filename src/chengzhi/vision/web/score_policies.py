"""The pages of the published policies for thresholds (阈值办法)."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.vision import commands
from chengzhi.vision.forms import ScorePolicyForm
from chengzhi.vision.queries.calibration import every_policy, policy_page
from chengzhi.vision.web.export import export
from chengzhi.vision.web.paging import pager
from chengzhi.vision.web.parsing import actor_of, key_in, moment
from chengzhi.vision.web.refusals import is_done, status_of

HEAD = ("类型", "名称", "文号", "目标", "下限", "上限", "一次最多", "探查", "自动", "负责人", "起")


@login_required
@require_GET
def policies(request: HttpRequest) -> HttpResponseBase:
    """List the policies in force or ended, or export them."""
    actor, now = actor_of(request), moment()
    ended = request.GET.get("view") == "ended"
    if kind := request.GET.get("export", ""):
        accounts.permit(actor, Permission.EXPORT)
        cells = [
            (r.kind_label, r.title, r.document, r.target, r.floor, r.ceiling, r.most_step,
             r.exploration_share, "是" if r.is_automatic else "否", r.answerable_name, r.valid_from)
            for r in every_policy(actor, ended=ended)
        ]  # fmt: skip
        return export(kind, name="score-policies", head=HEAD, rows=cells)
    rows, count, next_key = policy_page(actor, ended=ended, after=key_in(request.GET, "after"))
    return render(
        request,
        "vision/score_policies.html",
        {
            "now": now,
            "rows": rows,
            "is_ended": ended,
            "pager": pager(total=count, shown=len(rows), next_key=next_key),
            "may_calibrate": accounts.may(actor, Permission.CALIBRATE),
            "may_export": accounts.may(actor, Permission.EXPORT),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Publish a policy; whoever publishes answers for it."""
    actor, now = actor_of(request), moment()
    accounts.permit(actor, Permission.CALIBRATE)
    form = ScorePolicyForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and is_done(form, lambda: _publish(form, actor, now)):
        return redirect("score-policies")
    context = {"now": now, "form": form}
    return render(request, "vision/score_policy_form.html", context, status=status_of(form))


def _publish(form: ScorePolicyForm, actor: Actor, now: datetime) -> None:
    commands.publish_score_policy(form.draft(), actor=actor, now=now)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a policy today."""
    commands.end_score_policy(pk, actor=actor_of(request), now=moment())
    return redirect("score-policies")
