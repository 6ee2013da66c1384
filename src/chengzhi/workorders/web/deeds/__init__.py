"""The buttons: one address a deed; each parses, calls its command, and says what was done.

A new deed is a function in a module of this package, listed in that module's ``DEEDS`` by its
slug, and a form in ``templates/workorders/deeds/<action or capability>.html``. Without a form of
its own it gets the one that asks for a reason and posts to the name with hyphens.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from chengzhi.accounts import interface as accounts
from chengzhi.workorders.commands import notes
from chengzhi.workorders.web.deeds import (
    adjusting,
    checking,
    ending,
    filing,
    handling,
    keeping,
    remarks,
    returning,
    verifying,
)
from chengzhi.workorders.web.deeds.reading import Deed, do_deed, reason_in

DEEDS: dict[str, Deed] = {
    **verifying.DEEDS,
    **filing.DEEDS,
    **handling.DEEDS,
    **checking.DEEDS,
    **returning.DEEDS,
    **ending.DEEDS,
    **remarks.DEEDS,
    **keeping.DEEDS,
    **adjusting.DEEDS,
}


@login_required
@require_POST
def deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one deed on a work order and go on."""
    return do_deed(request, DEEDS, pk, name, to=reverse("workorder-list"))


@login_required
@require_POST
def show_reporter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who reported, unmasked; the reason is written on the timeline."""
    contact = notes.show_reporter(
        pk, reason=reason_in(request), actor=accounts.acting(request), now=timezone.now()
    )
    return render(request, "workorders/parts/contact.html", {"contact": contact})
