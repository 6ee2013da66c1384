"""Codes of cells (GB/T 47678.3), components (GB/T 47678.5) and divisions (GB/T 2260)."""

import pytest

from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.rules import (
    CellCode,
    ComponentCode,
    cell_code,
    component_code,
    level_of,
    read_cell_code,
    read_component_code,
)
from chengzhi.places.types import Level


def test_cell_code_reads_into_its_parts_and_back():
    parts = read_cell_code("330225001002017")

    assert parts == CellCode(
        county="330225", town="330225001", community="330225001002", sequence=17
    )
    assert str(parts) == cell_code("330225001002", 17) == "330225001002017"


def test_component_code_reads_into_its_parts_and_back():
    parts = read_component_code("33022503005000042")

    assert parts == ComponentCode(county="330225", type_code="03005", sequence=42)
    assert str(parts) == component_code("330225", "03005", 42) == "33022503005000042"


@pytest.mark.parametrize("code", ["", "33022500100201", "33022500100201a", "３３0225001002017"])
def test_malformed_cell_code_says_how_long_it_should_be(code):
    with pytest.raises(InvalidInput, match="应为15位数字"):
        read_cell_code(code)


def test_sequences_begin_at_one():
    with pytest.raises(InvalidInput, match="应从001起编"):
        read_cell_code("330225001002000")
    with pytest.raises(InvalidInput, match="应从000001起编"):
        read_component_code("33022503005000000")


@pytest.mark.parametrize("sequence", [0, 1000])
def test_a_community_has_at_most_999_cells(sequence):
    with pytest.raises(InvalidInput, match="只能在1至999之间"):
        cell_code("330225001002", sequence)


@pytest.mark.parametrize("sequence", [0, 1_000_000])
def test_a_type_has_at_most_999999_components(sequence):
    with pytest.raises(InvalidInput, match="号码不重复使用"):
        component_code("330225", "03005", sequence)


@pytest.mark.parametrize(
    ("code", "level"),
    [("330225", Level.COUNTY), ("330225001", Level.TOWN), ("330225001002", Level.COMMUNITY)],
)
def test_level_follows_from_the_length(code, level):
    assert level_of(code) is level


@pytest.mark.parametrize("code", ["3302", "33022500a", ""])
def test_other_lengths_are_no_division(code):
    with pytest.raises(InvalidInput, match="区划代码"):
        level_of(code)
