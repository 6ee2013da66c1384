"""What the pager below a list says and where it leads."""


def pager(
    *, total: int, shown: int, next_key: object, previous_key: object = None
) -> dict[str, object]:
    """Return a page's place in its list as site/parts/pager.html reads it."""
    return {"total": total, "shown": shown, "next": next_key, "previous": previous_key}
