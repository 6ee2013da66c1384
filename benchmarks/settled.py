"""What the sites of the benchmarks have in common: people, county, cells, a token."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chengzhi.accounts.types import TokenScope
    from chengzhi.places.types import Point


def settle() -> None:
    """Migrate, settle people and county."""
    from django.core.management import call_command

    from seed import people
    from seed.county.load import load_county

    call_command("migrate", verbosity=0)
    for _ in people.settle(actor=people.ADMIN, now=people.FOUNDED):
        pass
    load_county(actor=people.ADMIN, now=people.FOUNDED)


def token(scope: "TokenScope") -> str:
    """Issue a token of a day."""
    from chengzhi.accounts import interface as accounts
    from seed import people

    now = datetime.now(UTC)
    issued = accounts.issue_token(
        name="benchmark", scopes=[scope], expires_at=now + timedelta(days=1),
        actor=people.ADMIN, now=now,
    )  # fmt: skip
    return issued.plain


def spots() -> "list[Point]":
    """Return the middle of every cell."""
    from chengzhi.places.models import Cell
    from seed.lives import centre

    return [centre(cell.polygon) for cell in Cell.objects.order_by("code")]
