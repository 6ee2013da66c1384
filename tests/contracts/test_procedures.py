"""Every procedure is checked as a table, whatever it says."""

import pytest

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, StepNotAllowed, as_mermaid
from tools.docs import procedures


@pytest.fixture(params=procedures(), ids=lambda procedure: procedure.name)
def procedure(request) -> Procedure:
    return request.param


def test_every_state_is_reached_and_leads_to_an_end(procedure):
    reached, frontier = set(), {procedure.initial}
    while frontier:
        reached |= frontier
        frontier = {s.target for at in frontier for s in procedure.steps_from(at)} - reached

    assert reached == set(procedure.states)
    assert all(any(procedure.steps_from(state)) for state in reached - procedure.final)


def test_step_names_are_unique_in_a_state(procedure):
    keys = [(step.source, step.name) for step in procedure.steps]

    assert len(keys) == len(set(keys))


def test_every_step_names_a_role_and_a_basis(procedure):
    roles = {role.value for role in Role}

    assert {step.role for step in procedure.steps} <= roles
    assert all(step.basis and step.label for step in procedure.steps)


def test_every_absent_pair_is_refused_with_what_is_possible(procedure):
    names = {step.name for step in procedure.steps}
    absent = [
        (state, name)
        for state in procedure.states
        for name in names
        if name not in {step.name for step in procedure.steps_from(state)}
    ]

    for state, name in absent:
        with pytest.raises(StepNotAllowed, match=procedure.states[state]):
            procedure.take(name, state=state, facts=None)


def test_picture_names_every_step(procedure):
    picture = as_mermaid(procedure)

    assert all(f"{s.source} --> {s.target} : {s.label}" in picture for s in procedure.steps)
