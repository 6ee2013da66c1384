"""Remarks and attachments: deeds that change no state."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext

from chengzhi.accounts.types import Actor
from chengzhi.evidence.types import FileRole
from chengzhi.workorders.commands import notes
from chengzhi.workorders.web.deeds.reading import Deed, one_of
from chengzhi.workorders.web.parsing import photos_from


def _comment(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    notes.comment(
        pk,
        text=request.POST.get("text", ""),
        mentions=tuple(request.POST.getlist("mention")),
        actor=actor,
        now=now,
    )
    return gettext("已添加记录。")


def _attach(request: HttpRequest, pk: int, actor: Actor, now: datetime) -> str:
    role = one_of(FileRole, request.POST.get("role", FileRole.DOCUMENT))
    photos = photos_from(request, role, actor=actor, now=now)
    notes.attach(pk, photos=photos, actor=actor, now=now)
    return gettext("已补充附件 %d 件。") % len(photos)


DEEDS: dict[str, Deed] = {
    "comment": _comment,
    "attach": _attach,
}
