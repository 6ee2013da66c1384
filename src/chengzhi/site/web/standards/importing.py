"""Importing a city's standard: choose a file, see what it would change and what cannot be read."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import DomainError
from chengzhi.site.commands import import_standards as commands
from chengzhi.site.web.standards.asking import frame
from chengzhi.site.web.standards.tables import Cell, Column, Table, download, table
from chengzhi.standards import store
from chengzhi.standards.importing import MOST_BYTES, Change, Deed, Fault, Import, Plan, judge
from chengzhi.standards.importing.plan import DEED_LABELS
from chengzhi.standards.types import Kind

SHOWN = 200
TONES = {Deed.NEW: "ok", Deed.CHANGED: "warn", Deed.CLOSED: "bad", Deed.UNCHANGED: ""}
KINDS = [("", _("文件自己写明")), (Kind.COMPONENT, _("部件")), (Kind.MATTER, _("事项（事件）"))]


class ImportForm(forms.Form):
    """Which file comes into force as what, from which day on."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx 或 csv；每行一个立案条件，合并单元格和空着的“同上”照原样即可"),
        widget=forms.FileInput({"class": "inp", "accept": ".xlsx,.csv"}),
    )
    scheme = forms.CharField(
        label=_("标准名称"),
        max_length=40,
        help_text=_("案卷中注明依据时用它，例如“城管立结案标准 2026”"),
    )
    valid_from = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("从这一天起立案的案件按新标准；已立案的不变"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("内容"), choices=KINDS, required=False)
    registers = forms.BooleanField(
        label=_("把没有对应编码的类别登记为本地事项"), required=False,
        help_text=_("不选则这些行列入报告，不导入"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "registers":
                field.widget.attrs["class"] = "inp"

    def clean_file(self) -> Any:
        """Refuse a file larger than one import may be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 10 MB，请分成几个文件再导入。"))
        return file


@login_required
@require_http_methods(["GET", "POST"])
def choose_file(request: HttpRequest) -> HttpResponse:
    """Take a file and lead to its preview; nothing comes into force here."""
    actor, now = accounts.acting(request), timezone.now()
    accounts.permit(actor, Permission.MANAGE_STANDARDS)
    commands.overlay()
    first = {"valid_from": timezone.localdate(now) + timedelta(days=1)}
    form = ImportForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        digest = commands.keep_file(asked["file"].read(), name=asked["file"].name, actor=actor)
        said = {key: asked[key] for key in ("scheme", "kind") if asked[key]}
        said["from"] = asked["valid_from"].isoformat()
        said |= {"registers": "1"} if asked["registers"] else {}
        return redirect(f"{reverse('standards-preview', args=[digest])}?{urlencode(said)}")
    context = {**frame(request, "standards-import", on=timezone.localdate(now)), "form": form}
    status = 422 if form.errors else 200
    return render(request, "site/standards/import.html", context, status=status)


@login_required
@require_safe
def preview(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what a kept file would change, and every row of it that could not be read."""
    asked = _import(request, digest)
    plan = judge(asked, store.current())
    tables = [_changes(plan), _faults(plan)]
    if kind := request.GET.get("export", ""):
        return download(
            tables, kind=kind, name=request.GET.get("table", ""), actor=accounts.acting(request)
        )
    is_late = asked.valid_from < timezone.localdate()
    context = {
        **frame(request, "standards-import", on=timezone.localdate()),
        "plan": plan,
        "counts": [(gettext(DEED_LABELS[deed]), TONES[deed], plan.count(deed)) for deed in Deed],
        "shown_tables": [(_first(one), len(one.rows)) for one in reversed(tables)],
        "tables": tables,
        "more": sum(max(0, len(one.rows) - SHOWN) for one in tables),
        "apply_url": f"{reverse('standards-apply', args=[digest])}?{request.GET.urlencode()}",
        "is_late": is_late,
        "may_apply": bool(plan.touched) and not is_late,
    }
    return render(request, "site/standards/import_preview.html", context)


@login_required
@require_POST
def put_in_force(request: HttpRequest, digest: str) -> HttpResponse:
    """Bring the previewed file into force."""
    asked = _import(request, digest)
    actor, now = accounts.acting(request), timezone.now()
    plan = commands.import_standards(asked, actor=actor, now=now)
    said = gettext(
        "已导入“%(scheme)s”，%(day)s 起施行：新增 %(new)d、修改 %(changed)d、停用 %(closed)d。"
    )
    numbers = {"new": plan.count(Deed.NEW), "changed": plan.count(Deed.CHANGED)}
    numbers["closed"] = plan.count(Deed.CLOSED)
    day = asked.valid_from.isoformat()
    messages.success(request, said % {"scheme": asked.scheme, "day": day, **numbers})
    target = f"{reverse('standards')}?on={day}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


class AddressBroken(DomainError):
    """The address of a preview does not say what it must."""

    code = "invalid-input"
    status = 422


def _import(request: HttpRequest, digest: str) -> Import:
    content, name = commands.kept_file(digest, actor=accounts.acting(request))
    said = request.GET
    try:
        day = date.fromisoformat(said.get("from", ""))
        kind = Kind(said["kind"]) if said.get("kind") else None
    except ValueError as error:
        raise AddressBroken("地址不完整，请重新选择文件。", field="from") from error
    return Import(
        content=content,
        file_name=name,
        scheme=said.get("scheme", "").strip(),
        valid_from=day,
        kind=kind,
        registers=said.get("registers") == "1",
    )


def _changes(plan: Plan) -> Table:
    columns = [
        Column[Change](label=gettext("行"), look="num", fill=lambda c: str(c.row or "")),
        Column[Change](label=gettext("变化"), look="nowrap", fill=_deed_cell),
        Column[Change](label=gettext("事项"), fill=_matter_cell),
        Column[Change](label=gettext("立案条件"), look="wide", fill=_filing_cell),
        Column[Change](label=gettext("结案条件"), look="wide", fill=lambda c: c.shown.closing_condition),
        Column[Change](label=gettext("处置时限"), look="nowrap", fill=lambda c: c.shown.limit_text),
        Column[Change](label=gettext("具体变化"), look="wide", fill=_difference_cell),
    ]  # fmt: skip
    order = [Deed.CLOSED, Deed.NEW, Deed.CHANGED]
    rows = [change for deed in order for change in plan.changes if change.deed is deed]
    return table("changes", gettext("与现行标准相比"), columns, rows)


def _deed_cell(change: Change) -> Cell:
    return Cell(status=gettext(DEED_LABELS[change.deed]), tone=TONES[change.deed])


def _matter_cell(change: Change) -> Cell:
    return Cell(text=f"{change.shown.category_code} {change.shown.category_name}")


def _filing_cell(change: Change) -> str:
    return f"{change.shown.condition_no}. {change.shown.filing_condition}"


def _difference_cell(change: Change) -> str:
    return "；".join(
        f"{gettext(label)}：{was or '—'} → {now or '—'}" for label, was, now in change.differences
    )


def _faults(plan: Plan) -> Table:
    columns = [
        Column[Fault](label=gettext("表"), fill=lambda f: f.sheet),
        Column[Fault](label=gettext("行"), look="num", fill=lambda f: str(f.row)),
        Column[Fault](label=gettext("列"), look="nowrap", fill=lambda f: gettext(f.column)),
        Column[Fault](label=gettext("内容"), fill=lambda f: f.text),
        Column[Fault](label=gettext("结论"), look="nowrap", fill=_verdict_cell),
        Column[Fault](label=gettext("原因"), look="wide", fill=lambda f: f.reason),
    ]
    rows = [*plan.errors, *plan.warnings]
    return table("report", gettext("未能读取的行和疑点"), columns, rows)


def _verdict_cell(fault: Fault) -> Cell:
    if fault.is_warning:
        return Cell(status=gettext("有疑点"), tone="warn")
    return Cell(status=gettext("未读取"), tone="bad")


def _first(one: Table) -> Table:
    return Table(name=one.name, title=one.title, heads=one.heads, rows=one.rows[:SHOWN])
