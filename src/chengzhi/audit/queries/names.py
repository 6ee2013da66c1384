"""The names of actors: contexts above register who they know."""

from collections.abc import Iterable

from chengzhi.audit.types import Find, Names

_NAMERS: dict[str, Names] = {}
_FINDERS: dict[str, Find] = {}


def register_names(kind: str, names: Names, *, find: Find) -> None:
    """Let a context name references of a kind ("person") and find them by name; called at start."""
    _NAMERS[kind] = names
    _FINDERS[kind] = find


def refs_named(name: str) -> set[str]:
    """Return the references of everybody who bears a name; a reference stands for itself."""
    return {name} if ":" in name else {ref for find in _FINDERS.values() for ref in find(name)}


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Return a name for every reference; one that nobody knows is its own name."""
    wanted = set(refs)
    found = {ref: f"系统（{ref.partition(':')[2]}）" for ref in wanted if ref.startswith("system:")}
    for kind, names in _NAMERS.items():
        mine = {ref for ref in wanted if ref.startswith(f"{kind}:")}
        found |= names(mine) if mine else {}
    return {ref: found.get(ref, ref) for ref in wanted}
