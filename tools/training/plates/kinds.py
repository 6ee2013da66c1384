"""Kinds of Chinese number plates, sized and coloured as we know GA 36-2018; lengths in millimetres.

The text of the standard was not at hand: nothing but the drawings of the training rests on this table.
What stands on them is invented: nobody's number is drawn but by chance. Electric bicycles carry plates
of their cities' making, for which there is no one standard: theirs are drawn in many ways.
"""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Blue, green, red."""

WHITE, BLACK, RED = (245, 245, 245), (20, 20, 20), (40, 30, 200)
BLUE, YELLOW, GREEN, PALE = (175, 75, 20), (25, 180, 240), (110, 190, 60), (225, 240, 220)

#: What a place of a row may hold: P province, L letter, E letter of new energy, A letter or digit,
#: D digit, C any character of a place; everything else is itself.
PATTERN = "PLEADC"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a plate: pattern, upper edge, height and width of a character, space between two."""

    pattern: str
    top: float
    height: float
    width: float
    space: float = 12.0
    after: int = 0  # behind so many characters there is a dot, or more space


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


ONE = Row(pattern="PLAAAAA", top=25, height=90, width=45, after=2)
EIGHT = Row(pattern="PLEAAAAA", top=25, height=90, width=43, space=9, after=2)
LARGE = Row(pattern="PLAAAAAE", top=25, height=90, width=43, space=9, after=2)
ABOVE = Row(pattern="PL", top=15, height=60, width=80, space=70, after=1)
BELOW = Row(pattern="AAAAA", top=90, height=110, width=65, space=15)
SMALL = Row(pattern="PL", top=10, height=45, width=40, space=25, after=1)
DIGITS = Row(pattern="AAAAA", top=65, height=62, width=30, space=9)
PLACE = Row(pattern="CCC", top=8, height=24, width=24, space=10)
NUMBER = Row(pattern="ADDDDD", top=40, height=46, width=26, space=7)
CYCLE = (220.0, 95.0)


def _last(row: Row, character: str) -> Row:
    return Row(
        pattern=row.pattern[:-1] + character,
        top=row.top,
        height=row.height,
        width=row.width,
        space=row.space,
        after=row.after,
    )


KINDS = (
    PlateKind(name="small", size=(440, 140), ground=(BLUE,), ink=WHITE, rows=(ONE,), share=0.32),
    PlateKind(
        name="new_energy",
        size=(480, 140),
        ground=(PALE, GREEN),
        ink=BLACK,
        rows=(EIGHT,),
        share=0.16,
    ),
    PlateKind(
        name="large_new_energy",
        size=(480, 140),
        ground=(YELLOW, GREEN),
        ink=BLACK,
        rows=(LARGE,),
        share=0.03,
        aside=0.26,
    ),
    PlateKind(name="large", size=(440, 140), ground=(YELLOW,), ink=BLACK, rows=(ONE,), share=0.09),
    PlateKind(
        name="instruction",
        size=(440, 140),
        ground=(YELLOW,),
        ink=BLACK,
        rows=(_last(ONE, "学"),),
        share=0.01,
    ),
    PlateKind(
        name="large_rear",
        size=(440, 220),
        ground=(YELLOW,),
        ink=BLACK,
        rows=(ABOVE, BELOW),
        share=0.08,
    ),
    PlateKind(
        name="trailer",
        size=(440, 220),
        ground=(YELLOW,),
        ink=BLACK,
        rows=(ABOVE, _last(BELOW, "挂")),
        share=0.02,
    ),
    PlateKind(
        name="police",
        size=(440, 140),
        ground=(WHITE,),
        ink=BLACK,
        rows=(_last(ONE, "警"),),
        share=0.04,
        red=6,
    ),
    PlateKind(
        name="military",
        size=(440, 140),
        ground=(WHITE,),
        ink=BLACK,
        rows=(Row(pattern="LLAAAAA", top=25, height=90, width=45, after=2),),
        share=0.02,
        red=0,
    ),
    PlateKind(
        name="border",
        size=(440, 140),
        ground=(BLACK,),
        ink=WHITE,
        rows=(_last(ONE, "港"),),
        share=0.03,
    ),
    PlateKind(
        name="motorcycle",
        size=(220, 140),
        ground=(YELLOW,),
        ink=BLACK,
        rows=(SMALL, DIGITS),
        share=0.04,
    ),
    PlateKind(
        name="small_motorcycle",
        size=(220, 140),
        ground=(BLUE,),
        ink=WHITE,
        rows=(SMALL, DIGITS),
        share=0.02,
    ),
    PlateKind(
        name="cycle_white",
        size=CYCLE,
        ground=(WHITE,),
        ink=BLACK,
        rows=(PLACE, NUMBER),
        share=0.04,
    ),
    PlateKind(
        name="cycle_green",
        size=CYCLE,
        ground=(GREEN,),
        ink=WHITE,
        rows=(PLACE, NUMBER),
        share=0.04,
    ),
    PlateKind(
        name="cycle_blue", size=CYCLE, ground=(BLUE,), ink=WHITE, rows=(PLACE, NUMBER), share=0.02
    ),
    PlateKind(
        name="cycle_yellow",
        size=CYCLE,
        ground=(YELLOW,),
        ink=BLACK,
        rows=(PLACE, NUMBER),
        share=0.02,
    ),
    PlateKind(
        name="enlarged",
        size=(440, 140),
        ground=(WHITE,),
        ink=WHITE,
        rows=(ONE,),
        share=0.02,
        is_bare=True,
    ),
)
