"""What the platform's worker does for accounts every so often."""

from datetime import datetime

from chengzhi.accounts import commands


def tick(now: datetime) -> int:
    """Forget answers that nobody may ask for again; return how many."""
    return commands.forget_calls(now=now)
