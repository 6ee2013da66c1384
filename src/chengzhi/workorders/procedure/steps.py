"""A step of a table in one line: what it is, whence and whither, whose it is, what it needs."""

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Guard, Step


def step(
    name: str,
    label: str,
    source: str,
    target: str,
    role: Role,
    *guards: Guard,
    basis: str,
    limit: str | None = None,
    document: str | None = None,
) -> Step:
    """Return a step; a table gives the basis that most of its steps share once, by `partial`."""
    return Step(
        name=name,
        label=label,
        source=source,
        target=target,
        role=role,
        basis=basis,
        limit=limit,
        document=document,
        guards=guards,
    )
