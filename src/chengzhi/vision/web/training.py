"""The page from which a training set is taken."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Permission
from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.commands.training import MOST, export_training
from chengzhi.vision.queries.cameras import camera_choices
from chengzhi.vision.queries.learned import STREET
from chengzhi.vision.queries.training import training_findings
from chengzhi.vision.rules.drill import as_query, from_query
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import PICTURE_LABELS, Pictures
from chengzhi.vision.web.parsing import actor_of, moment


@login_required
@require_GET
def training_set(request: HttpRequest) -> HttpResponse:
    """Show how many reviewed findings pass the filters, and offer them as a training set."""
    actor = actor_of(request)
    accounts.permit(actor, Permission.CALIBRATE)
    wanted = from_query(request.GET)
    may_read = accounts.may(actor, Permission.READ_ORIGINALS)
    return render(
        request,
        "vision/training.html",
        {
            "now": moment(),
            "wanted": wanted,
            "query": urlencode(as_query(wanted)),
            "count": training_findings(actor, wanted).count(),
            "most": MOST,
            "kinds": [(kind, kind_label(kind)) for kind in STREET],
            "cameras": camera_choices(actor),
            "pictures": [
                (value, _(label))
                for value, label in PICTURE_LABELS.items()
                if may_read or value != Pictures.ORIGINAL
            ],
            "may_read": may_read,
            "may_export": accounts.may(actor, Permission.EXPORT),
        },
    )


@login_required
@require_POST
def training_file(request: HttpRequest) -> HttpResponseBase:
    """Send the training set while it is written; nothing of it is kept here."""
    wanted = from_query(request.GET)
    pieces = export_training(
        wanted,
        pictures=_pictures(request.POST.get("pictures", "")),
        reason=request.POST.get("reason", ""),
        query=urlencode(as_query(wanted)),
        actor=actor_of(request),
        now=moment(),
    )
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    name = f"training-set-{timezone.localdate(moment()):%Y%m%d}.zip"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _pictures(word: str) -> Pictures:
    if word not in set(Pictures):
        raise InvalidInput("请选择图片：遮挡过的、原图或不含图片。", field="pictures")
    return Pictures(word)
