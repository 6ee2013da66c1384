"""The table of docs/open311.md names a test for every method, field and error, and each exists."""

from tests.contracts.named_tests import TESTS, missing_tests, named_tests

PAGE = (TESTS.parent / "docs" / "open311.md").read_text(encoding="utf-8")


def test_every_named_test_exists():
    named = named_tests(PAGE)

    assert len(named) > 40
    assert missing_tests(named, under=TESTS / "api") == []


def test_every_row_of_the_tables_names_its_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
    tables = [row for row in rows if "CHENGZHI_" not in row and "| test |" not in row]

    assert [row for row in tables if "::test_" not in row and "| default |" not in row] == []
