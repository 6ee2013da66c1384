"""Draw one number plate, seen from straight ahead, a pixel a millimetre."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.training.plates.glyphs import DIGITS, LETTERS, PROVINCES, Atlas
from tools.training.plates.kinds import COLOURS, KINDS, Colour, PlateKind, Row

Array = NDArray[Any]
SHARES = np.array([kind.share for kind in KINDS])
FADED = 26  # how far a colour strays, in levels
CITIES = "宁波象山杭州上海南京台州"  # of which an electric bicycle's plate shows three characters


def drawn_plate(atlas: Atlas, rng: Generator) -> tuple[Array, Array]:
    """Return a plate of any kind (high × wide × 3, BGR) and where it covers what is behind (0 to 255)."""
    kind = KINDS[int(rng.choice(len(KINDS), p=SHARES / SHARES.sum()))]
    image, ink = _ground(kind, rng), _strayed(kind.ink, rng)
    alpha = np.zeros(image.shape[:2], np.uint8) if kind.is_bare else _rounded(image.shape[:2])
    fonts = {"chinese": int(rng.integers(99)), "latin": int(rng.integers(99))}
    edge = int(rng.integers(-1, 2))  # strokes are bolder or finer than the font's
    for row in kind.rows:
        for number, (sign, place) in enumerate(_places(row, kind, rng)):
            mask = _bolder(atlas.character(sign, **fonts), edge)
            colour = COLOURS["red"] if number == kind.red and rng.random() < 0.9 else ink
            _write(image, alpha, mask, place, colour)
        _dot(image, row, kind, ink)
    if not kind.is_bare:
        _frame(image, ink, rng)
    return _worn(image, rng), alpha


def _ground(kind: PlateKind, rng: Generator) -> Array:
    wide, high = (int(side) for side in kind.size)
    colours = np.array([_strayed(colour, rng) for colour in kind.ground], np.float32)
    if kind.aside:
        image = np.tile(colours[-1], (high, wide, 1))
        image[:, : int(wide * kind.aside)] = colours[0]
    else:
        line = np.linspace(0, len(colours) - 1, high)[:, None]
        image = np.repeat((colours[0] * (1 - line) + colours[-1] * line)[:, None], wide, 1)
    return image.astype(np.uint8)


def _strayed(colour: Colour, rng: Generator) -> Colour:
    b, g, r = np.clip(np.array(colour) + rng.normal(0, FADED, 3), 0, 255).astype(int).tolist()
    return (b, g, r)


def _rounded(shape: tuple[int, ...]) -> Array:
    alpha = np.full(shape, 255, np.uint8)
    for y in (0, shape[0] - 6):
        for x in (0, shape[1] - 6):
            alpha[y : y + 6, x : x + 6] = 120
    return alpha


def _places(
    row: Row, kind: PlateKind, rng: Generator
) -> list[tuple[str, tuple[int, int, int, int]]]:
    """Return each character of a row and its place: left, top, width, height."""
    left, found = _left(row, kind), []
    for number, sign in enumerate(_signs(row.pattern, rng)):
        found.append((sign, (int(left), int(row.top), int(row.width), int(row.height))))
        left += row.width + (_gap(row) if number + 1 == row.after else row.space)
    return found


def _gap(row: Row) -> float:
    """Return the space behind the character after which the dot comes."""
    return row.space * (1.9 if row.after > 1 else 1.0)


def _left(row: Row, kind: PlateKind) -> float:
    """Return where a row begins so that it stands in the middle."""
    count = len(row.pattern)
    whole = count * row.width + (count - 1) * row.space
    return (kind.size[0] - whole - (_gap(row) - row.space if row.after else 0)) / 2


def _signs(pattern: str, rng: Generator) -> str:
    place = "".join(rng.permutation(list(CITIES)))[: pattern.count("C")]
    choices = {
        "P": PROVINCES,
        "L": LETTERS,
        "E": "DFABCEGHJK",
        "D": DIGITS,
        "A": DIGITS * 3 + LETTERS,
    }
    signs = [
        choices[one][int(rng.integers(len(choices[one])))] if one in choices else one
        for one in pattern
    ]
    for sign in place:
        signs[signs.index("C")] = sign
    return "".join(signs)


def _write(
    image: Array, alpha: Array, mask: Array, place: tuple[int, int, int, int], ink: Colour
) -> None:
    left, top, wide, high = place
    small = cv2.resize(mask, (wide, high), interpolation=cv2.INTER_AREA)
    part = np.s_[top : top + high, left : left + wide]
    room = image[part].shape[:2]
    share = small[: room[0], : room[1], None] / 255.0
    image[part] = (image[part] * (1 - share) + np.array(ink) * share).astype(np.uint8)
    alpha[part] = np.maximum(alpha[part], small[: room[0], : room[1]])


def _bolder(mask: Array, edge: int) -> Array:
    if edge == 0:
        return mask
    stroke = np.ones((3, 3), np.uint8)
    return cv2.dilate(mask, stroke) if edge > 0 else cv2.erode(mask, stroke)


def _dot(image: Array, row: Row, kind: PlateKind, ink: Colour) -> None:
    """Set the dot behind the second character of a row, or between the two of an upper row."""
    if not row.after or kind.is_bare:
        return
    x = _left(row, kind) + row.after * (row.width + row.space) - row.space + _gap(row) / 2
    center = (int(x), int(row.top + row.height / 2))
    cv2.circle(image, center, max(int(row.height / 18), 3), ink, -1)


def _frame(image: Array, ink: Colour, rng: Generator) -> None:
    """Draw the line along the edge, the holes, and a chrome or dark frame where somebody bought one."""
    high, wide = image.shape[:2]
    if rng.random() < 0.75:
        inset = int(rng.integers(3, 9))
        cv2.rectangle(image, (inset, inset), (wide - inset, high - inset), ink, 3)
    for x in (wide * 0.22, wide * 0.78):
        for y in (13.0, high - 13.0):
            if rng.random() < 0.5:
                level = int(rng.integers(40, 230))
                cv2.circle(image, (int(x), int(y)), 6, (level, level, level), -1)
    if rng.random() < 0.25:
        level = int(rng.integers(10, 240))
        cv2.rectangle(image, (0, 0), (wide - 1, high - 1), (level,) * 3, int(rng.integers(6, 22)))


def _worn(image: Array, rng: Generator) -> Array:
    """Fade, dirty and light a plate unevenly."""
    small = rng.normal(1, 0.1, (3, 6, 1)) + rng.uniform(-0.12, 0.12)
    veil = cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_CUBIC)[..., None]
    lit = image * np.clip(veil, 0.4, 1.5)
    if rng.random() < 0.2:
        dirt = cv2.resize(rng.random((5, 12)), image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        share = np.clip((dirt - rng.uniform(0.55, 0.9)) * 3, 0, 0.85)[..., None]
        lit = lit * (1 - share) + np.array([70, 90, 110]) * share
    return np.clip(lit, 0, 255).astype(np.uint8)
