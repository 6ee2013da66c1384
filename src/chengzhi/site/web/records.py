"""From a reference such as "workorder:12" to the page of that record."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chengzhi.kernel.errors import NotVisible

PAGES = {
    "workorder": "workorder-detail",
    "whistle": "whistle-detail",
    "finding": "finding-detail",
    "camera": "camera-detail",
    "webhook": "webhook",
    "person": "person",
}
LISTS = {"fleet": "camera-health", "thresholds": "threshold-list"}  # of a county's things


@require_safe
@login_required
def record(request: HttpRequest, subject: str) -> HttpResponseRedirect:
    """Go to a record's page, which decides who may see it."""
    kind, _, key = subject.partition(":")
    if kind in LISTS:
        return redirect(LISTS[kind])
    if kind == "camera" and key:
        return redirect(PAGES[kind], key)
    if kind not in PAGES or not key.isdecimal() or len(key) > 18:
        raise NotVisible(f"没有“{subject}”的页面。请核对链接。")
    return redirect(PAGES[kind], int(key))
