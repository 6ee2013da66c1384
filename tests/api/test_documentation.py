"""The messages and the curl lines that docs/api.md prints work as they stand there."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import World
from tests.vision.conftest import picture

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


LINES = re.findall(r"<!-- curl (\d+) -->\n```bash\n(.*?)```", PAGE, re.DOTALL)


def curl(line: str, known: dict[str, str]) -> Any:
    """Do what a line of curl does, with variables put in as a shell puts them in."""
    for name, value in known.items():
        line = re.sub(rf"(['\"]?)\${name}\b", rf"\g<1>{value}", line)
    words = iter(shlex.split(line.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, address, headers, body, files = "GET", "", {}, "", {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "-F":
            name, _, file = next(words).partition("=@")
            files[name] = SimpleUploadedFile(file, picture(41))
        else:
            address = word
    if files:
        return Client().post(address, files, headers=headers)
    return Client().generic(method, address, body, content_type="application/json", headers=headers)


def test_every_line_of_curl_works_as_it_stands(world: World):
    known = {
        "BASE": "/api/v1",
        "TOKEN": world.tokens["api"],
        "ORDER": str(world.known["work_order_id"][0]),
        "SHA256": world.known["sha256"][0],
    }

    answers = [curl(line, known) for _, line in LINES]

    assert len(LINES) >= 15
    assert [(a.status_code, line) for a, (_, line) in zip(answers, LINES, strict=True)] == [
        (int(status), line) for status, line in LINES
    ]
