"""Every operation keeps its own description, whatever it is asked: schemathesis in the process."""

import re
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chengzhi.site.api import api
from chengzhi.site.wsgi import application
from tests.api.conftest import World
from tests.golden.conftest import as_json

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described() -> Any:
    """Return the description without its security: who calls is settled by the test."""
    document = as_json(api.get_openapi_schema())
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.pop("security")
    return schemathesis.openapi.from_dict(document)


OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (result.ok() for result in described().get_all_operations())
}


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_only_what_it_promises(name: str, world: World):
    operation = OPERATIONS[name]
    headers = {"Authorization": f"Bearer {world.token_for(operation.path)}"}

    @BOUNDED
    @given(case=_cases(operation), luck=st.randoms())
    def ask(case: Case, luck: Random) -> None:
        _ground(case, world.known, luck)
        answer = case.call(app=application, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    ask()


def _cases(operation: Any) -> st.SearchStrategy[Case]:
    return operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE)


def _ground(case: Case, known: dict[str, list[Any]], luck: Random) -> None:
    """Let most cases name things that exist, so that they come past the first refusal."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            for key in part.keys() & known.keys():
                if luck.random() < 0.7:
                    part[key] = luck.choice(known[key])
    if luck.random() < 0.7:
        (case.headers or {}).pop("If-Match", None)


def test_nobody_is_answered_without_a_token(client):
    paths = [(name.split(" ")[0], operation.path) for name, operation in OPERATIONS.items()]
    filled = [(m, re.sub(r"{\w+_id}", "1", p).replace("{", "").replace("}", "")) for m, p in paths]

    answers = [client.generic(method, path) for method, path in filled]

    assert len(answers) > 30
    assert {(answer.status_code, answer.json()["error"]) for answer in answers} == {
        (401, "token-missing")
    }
