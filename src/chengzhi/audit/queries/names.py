"""The names of actors: contexts above register who they know."""

from collections.abc import Iterable

from chengzhi.audit.types import Names

_NAMERS: dict[str, Names] = {}


def register_names(kind: str, names: Names) -> None:
    """Let `names` answer for references of a kind ("person"); called when the site starts."""
    _NAMERS[kind] = names


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Return a name for every reference; one that nobody knows is its own name."""
    wanted = set(refs)
    found = {ref: f"系统（{ref.partition(':')[2]}）" for ref in wanted if ref.startswith("system:")}
    for kind, names in _NAMERS.items():
        mine = {ref for ref in wanted if ref.startswith(f"{kind}:")}
        found |= names(mine) if mine else {}
    return {ref: found.get(ref, ref) for ref in wanted}
