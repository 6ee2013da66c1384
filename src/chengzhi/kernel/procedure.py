"""Procedures as data: states, the steps between them, and what each step needs.

A procedure is a value, not a class hierarchy. It holds no ORM and no clock, so it can be
printed, drawn, compared and tested on its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chengzhi.kernel.errors import DomainError

Guard = Callable[[Any], str | None]  # the reason why not, or None


class StepNotAllowed(DomainError):
    """The procedure has no such step here, or a guard refuses it."""

    code = "step-not-allowed"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One arrow of a procedure.

    `role` is who takes it; `basis` is the article or clause that allows it; `limit` is a key of
    the stage limits; `starts` names the stage clock that begins in the target state.
    """

    name: str
    label: str  # the Chinese verb printed on the button
    source: str
    target: str
    role: str
    basis: str
    limit: str | None = None
    document: str | None = None
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A table of steps, with a name and a version that each record keeps."""

    name: str
    label: str
    version: str
    initial: str
    final: frozenset[str]
    states: dict[str, str]  # state -> Chinese label, in the order of the procedure
    steps: tuple[Step, ...]

    def steps_from(self, state: str) -> Iterator[Step]:
        """Yield the steps that leave a state, in table order."""
        return (step for step in self.steps if step.source == state)

    def take(self, name: str, *, state: str, facts: Any) -> Step:
        """Return the step `name` from `state`.

        :raises StepNotAllowed: there is no such step here, or a guard refuses it.
        """
        step = next((s for s in self.steps_from(state) if s.name == name), None)
        if step is None:
            raise StepNotAllowed(self._no_such_step(name, state))
        if reasons := refusals(step, facts):
            raise StepNotAllowed(f"不能{step.label}：{'；'.join(reasons)}。")
        return step

    def _no_such_step(self, name: str, state: str) -> str:
        label = next((s.label for s in self.steps if s.name == name), name)
        here = "、".join(s.label for s in self.steps_from(state)) or "无（已办结）"
        return f"当前状态“{self.states.get(state, state)}”不能“{label}”。现在可以：{here}。"


def refusals(step: Step, facts: Any) -> list[str]:
    """Return why the step's guards refuse these facts; empty when it may be taken."""
    return [reason for guard in step.guards if (reason := guard(facts))]


def as_mermaid(procedure: Procedure) -> str:
    """Return the procedure as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {procedure.initial}"]
    lines += [f"    {state} : {label}" for state, label in procedure.states.items()]
    lines += [f"    {s.source} --> {s.target} : {s.label} ({s.role})" for s in procedure.steps]
    lines += [f"    {state} --> [*]" for state in procedure.states if state in procedure.final]
    return "\n".join(lines) + "\n"


def as_markdown(procedure: Procedure) -> str:
    """Return the procedure as a page: its picture, then one table row for each step."""
    head = [f"# {procedure.label} ({procedure.name}, version {procedure.version})", ""]
    picture = ["```mermaid", as_mermaid(procedure).rstrip(), "```", ""]
    table = [
        "| step | label | from | to | role | limit | document | basis |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join(head + picture + table + [_row(s) for s in procedure.steps]) + "\n"


def _row(step: Step) -> str:
    cells = (
        f"`{step.name}`",
        step.label,
        step.source,
        step.target,
        step.role,
        step.limit or "—",
        step.document or "—",
        step.basis,
    )
    return f"| {' | '.join(cells)} |"
