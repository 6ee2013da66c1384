"""Pictures of published work orders: covered copies only, once a person has accepted the report."""

from collections.abc import Sequence

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import WorkOrder
from chengzhi.workorders.queries.published import readable
from chengzhi.workorders.rules.outside import publication

#: What is shown, first what says most. Drawings, documents and recordings are not.
SHOWN = (
    "still_confirm", "finding", "near", "before", "far", "still_dwell", "still_first", "after",
)  # fmt: skip
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
NAME = 16  # hexadecimal digits of a picture's hash in its address


def pictures_of(numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return the same by the numbers of orders that the caller has already decided to show."""
    return public_pictures(list(WorkOrder.objects.filter(pk__in=numbers)))


def public_pictures(orders: Sequence[WorkOrder]) -> dict[int, list[str]]:
    """Return the hashes of what may be shown of each order, best first.

    A picture in which nobody has looked for faces yet is not shown.
    """
    told = [order for order in orders if order.state in publication().text_states]
    files = evidence.files_of_many([order.subject for order in told])
    images = {file.sha256 for rows in files.values() for file in rows if file.media_type in IMAGES}
    covered = evidence.redacted_among(images)
    found: dict[int, list[str]] = {}
    for order in told:
        mine = [f for f in files[order.subject] if f.role in SHOWN and f.sha256 in covered]
        mine.sort(key=lambda file: SHOWN.index(file.role))
        found[order.pk] = list(dict.fromkeys(file.sha256 for file in mine))
    return found


def public_picture(actor: Actor | None, pk: int, name: str, *, county: str) -> str:
    """Return the hash of a published picture by the beginning of it.

    :raises NotVisible: the order is not published, or this picture of it is not.
    """
    order = readable(actor, county).filter(pk=pk).first()
    shown = public_pictures([order]).get(pk, []) if order else []
    found = next((sha256 for sha256 in shown if sha256[:NAME] == name), None)
    if found is None:
        raise NotVisible("没有这张公开图片，请核对 media_url。")
    return found
