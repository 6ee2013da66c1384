"""docs/pains.md and the tests agree: each of the forty pains is answered, or the page says why not."""

import re

from tests.contracts.named_tests import TESTS, missing_tests, named_tests

ROOT = TESTS.parent
PAGE = (ROOT / "docs" / "pains.md").read_text(encoding="utf-8")
ANSWERED, LATER = PAGE.split("## Not answered yet")


def rows(part: str) -> dict[int, str]:
    """Return the rows of a table by their number; a number that stands twice is kept once."""
    return {int(n): row for n, row in re.findall(r"^\| (\d+) (\|.*)$", part, re.MULTILINE)}


def numbers(part: str) -> list[int]:
    return [int(n) for n in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)]


def test_the_forty_pains_stand_in_order_in_one_of_the_two_tables():
    assert numbers(ANSWERED) == sorted(rows(ANSWERED))
    assert numbers(LATER) == sorted(rows(LATER))
    assert sorted(numbers(ANSWERED) + numbers(LATER)) == list(range(1, 41))


def test_every_answer_is_a_test_that_exists_and_says_the_pain_in_its_name():
    named = {n: named_tests(row) for n, row in rows(ANSWERED).items()}
    silent = [
        (n, name)
        for n, tests in named.items()
        for _, name in tests
        if not re.search(rf"pain_{n}(?!\d)", name)
    ]

    assert [n for n, tests in named.items() if not tests] == []
    assert missing_tests([test for tests in named.values() for test in tests], under=ROOT) == []
    assert silent == []


def test_every_test_that_says_a_pain_stands_in_its_row():
    said = {
        (int(n), f"{path.relative_to(ROOT).as_posix()}::{name}")
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M)
        for n in re.findall(r"pain_(\d+)", name)
    }
    named = {
        (n, f"{file}::{name}")
        for n, row in rows(ANSWERED).items()
        for file, name in named_tests(row)
    }

    assert sorted(said - named) == []


def test_what_is_not_answered_yet_says_why():
    reasons = {n: row.rstrip("| ").rsplit("|", 1)[-1].strip() for n, row in rows(LATER).items()}

    assert [n for n, why in reasons.items() if len(why) < 40] == []
