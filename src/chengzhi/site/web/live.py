"""The numbers of the rail, asked again and again while the page is looked at."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@login_required
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Answer the badges of the rail, each to be put where it stands (htmx out of band)."""
    return render(request, "site/parts/rail_badges.html")
