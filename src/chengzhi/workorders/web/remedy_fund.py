"""The page of the fund that pays for remedies: the sums of a year, its ledger, the file of it."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.kernel.errors import InvalidInput
from chengzhi.kernel.money import Money
from chengzhi.kernel.sheets import Cell
from chengzhi.workorders.queries import remedies as queries
from chengzhi.workorders.queries.remedy_access import fund
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.remedy_views import Fund, FundLineRow
from chengzhi.workorders.web.parsing import number_in
from chengzhi.workorders.web.picking import pager
from chengzhi.workorders.web.remedies import frame
from chengzhi.workorders.web.sheet import file_of

MOST_EXPORTED = 50_000
GRANTERS = frozenset({Role.LEADER, Role.ADMINISTRATOR})


@login_required
@require_GET
def fund_page(request: HttpRequest) -> HttpResponse:
    """Show the fund of a year and its ledger, or export the ledger."""
    actor, now = accounts.acting(request), timezone.now()
    today = civil_date(now)
    year = number_in(request.GET, "year", default=today.year)
    if not 2000 <= year <= 2099:
        raise InvalidInput("年份应在 2000 至 2099 之间，请改正。", field="year")
    if kind := request.GET.get("export", ""):
        return _export(kind, actor, year)
    after = request.GET.get("after", "")
    lines, count, following = queries.fund_lines(actor, year, after=after, size=50)
    context = frame(actor, now=now) | {
        "year": year,
        "years": range(today.year, today.year - 5, -1),
        "tiles": _tiles(fund(actor.county, year)),
        "lines": [(line, str(Money(line.amount_fen))) for line in lines],
        "pager": pager(count, len(lines), following),
        "may_grant": not actor.roles.isdisjoint(GRANTERS),
    }
    return render(request, "workorders/remedies/fund.html", context)


def _tiles(whole: Fund) -> list[tuple[str, str]]:
    return [
        (gettext("拨入"), str(Money(whole.granted_fen))),
        (gettext("占用"), str(Money(max(whole.committed_fen, 0)))),
        (gettext("支出"), str(Money(whole.spent_fen))),
        (gettext("追回"), str(Money(whole.recovered_fen))),
        (gettext("可用"), str(Money(max(whole.left_fen, 0)))),
    ]


def _export(kind: str, actor: Actor, year: int) -> HttpResponse:
    """Return the ledger as a file, to whoever may read the fund and may export."""
    lines, _count, _following = queries.fund_lines(actor, year, after="", size=MOST_EXPORTED)
    accounts.permit(actor, Permission.EXPORT)
    return file_of(kind, gettext("代整治专项资金台账"), _head(), [_cells(line) for line in lines])


def _head() -> Sequence[str]:
    return (
        gettext("时间"), gettext("类别"), gettext("金额（元）"), gettext("代整治"),
        gettext("说明"), gettext("经办"),
    )  # fmt: skip


def _cells(line: FundLineRow) -> Sequence[Cell]:
    return (line.at, line.kind_label, line.amount_fen / 100, line.code, line.note, line.by_name)
