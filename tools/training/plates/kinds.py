"""Kinds of Chinese number plates, read from kinds.toml.

What stands on them is invented: nobody's number is drawn but by chance. Electric bicycles carry plates
of their cities' making, for which there is no one standard: theirs are drawn in many ways.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Colour = tuple[int, int, int]
"""Blue, green, red."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a plate: pattern, upper edge, height and width of a character, space between two."""

    pattern: str
    top: float
    height: float
    width: float
    space: float
    after: int  # behind so many characters there is a dot, or more space


@dataclass(frozen=True, kw_only=True)
class PlateKind:
    """One kind of plate: how large, in which colours, with which rows, how often it is drawn."""

    name: str
    size: tuple[float, float]
    ground: tuple[Colour, ...]  # of two the first is above, or left where `aside`
    ink: Colour
    rows: tuple[Row, ...]
    share: float
    aside: float = 0.0  # where the second ground begins, as a share of the width
    red: int | None = None  # the place of a red character
    is_bare: bool = False  # painted on the body, without a plate


def _read() -> tuple[dict[str, Colour], tuple[PlateKind, ...]]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    table = tomllib.loads(text)
    colours = {name: (b, g, r) for name, (b, g, r) in table["colours"].items()}
    rows = {name: Row(**row) for name, row in table["rows"].items()}
    return colours, tuple(_kind(one, colours, rows) for one in table["kinds"])


def _kind(
    told: Mapping[str, Any], colours: Mapping[str, Colour], rows: Mapping[str, Row]
) -> PlateKind:
    width, height = told["size"]
    named = {
        "size": (width, height),
        "ground": tuple(colours[name] for name in told["ground"]),
        "ink": colours[told["ink"]],
        "rows": tuple(rows[name] for name in told["rows"]),
    }
    return PlateKind(**{**told, **named})


COLOURS, KINDS = _read()
