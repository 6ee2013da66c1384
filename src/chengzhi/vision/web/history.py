"""What happened to a record, as its page lists it."""

from chengzhi.audit import interface as audit


def history(
    subject: str, *, most: int | None = None, about: tuple[str, ...] = ("",)
) -> list[dict[str, object]]:
    """Return what happened, newest first, as site/parts/timeline.html reads it.

    `about` narrows to events whose names begin so.
    """
    return [
        {
            "label": entry.label,
            "sentence": entry.sentence,
            "at": entry.happened_at,
            "actor": entry.actor_name,
            "hash": entry.hash,
            "tone": "",
        }
        for entry in audit.history(subject)[::-1]
        if entry.name.startswith(about)
    ][:most]
