"""The messages that docs/api.md prints are accepted as they stand there."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.api.conftest import World

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- (\w+) (\S+) (\d+) -->\n```json\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_has_a_report_and_a_finding():
    assert [path for _, path, _, _ in EXAMPLES] == [
        "/api/v1/work-orders",
        "/api/v1/vision/findings",
    ]


@pytest.mark.parametrize(("method", "path", "status", "body"), EXAMPLES)
def test_an_example_is_accepted_and_the_second_time_changes_nothing(
    world: World, method, path, status, body
):
    headers = {"Authorization": f"Bearer {world.token_for(path)}"}
    content = json.dumps(json.loads(body))

    answers = [
        Client().generic(method, path, content, content_type="application/json", headers=headers)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [int(status), 200]
