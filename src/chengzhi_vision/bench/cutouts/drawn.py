"""Goods and left things drawn by ourselves: cartons, crates of fruit, sacks, a parasol.

They stand in where no photograph of such a thing can be had; drawn large and shrunk.
"""

from __future__ import annotations

import colorsys

import cv2
import numpy as np

from chengzhi_vision.bench.cutouts.types import Cutout, Sort, Split, Sprite

Rng = np.random.Generator
CANVAS = 640
GROUND_Y = 600
SHRINK = 0.25
Color = tuple[int, int, int]


def drawn_bank(split: Split, *, count: int) -> list[Cutout]:
    """Return drawn goods and things; the two splits never share a seed."""
    offset = 0 if split is Split.TUNE else 10_000
    goods = [_cutout(Sort.GOODS, draw_goods(_rng(offset + i)), offset + i) for i in range(count)]
    things = [
        _cutout(Sort.THING, draw_thing(_rng(offset + 5000 + i)), offset + 5000 + i)
        for i in range(count)
    ]
    return goods + things


def _rng(seed: int) -> Rng:
    return np.random.default_rng(seed)


def _cutout(sort: Sort, picture: Sprite, seed: int) -> Cutout:
    return Cutout(name=f"drawn-{sort}-{seed}", sort=sort, origin="drawn", pictures=(picture,))


def draw_goods(rng: Rng) -> Sprite:
    """Draw a shop's goods on the pavement: rows of crates or cartons, perhaps a parasol."""
    canvas = _canvas()
    columns = int(rng.integers(2, 4))
    width = int(rng.integers(110, 150))
    left = (CANVAS - columns * width) // 2
    if rng.random() < 0.35:
        _parasol(canvas, rng, x=CANVAS // 2)
    for column in range(columns):
        for level in range(int(rng.integers(1, 3))):
            x, y = left + column * width, GROUND_Y - level * int(width * 0.55)
            draw = _crate if rng.random() < 0.6 else _carton
            draw(canvas, rng, x=x, y=y, w=width - 6, h=int(width * 0.55))
    return _finished(canvas, rng)


def draw_thing(rng: Rng) -> Sprite:
    """Draw something left behind: a carton, a stack, a heap of sacks, a suitcase."""
    canvas = _canvas()
    draw = (_one_carton, _stack, _sacks, _suitcase)[int(rng.integers(4))]
    draw(canvas, rng)
    return _finished(canvas, rng)


def _canvas() -> Sprite:
    return np.zeros((CANVAS, CANVAS, 4), np.uint8)


def _one_carton(canvas: Sprite, rng: Rng) -> None:
    w = int(rng.integers(170, 260))
    _carton(canvas, rng, x=CANVAS // 2 - w // 2, y=GROUND_Y, w=w, h=int(w * rng.uniform(0.6, 1.0)))


def _stack(canvas: Sprite, rng: Rng) -> None:
    w, y = int(rng.integers(150, 210)), GROUND_Y
    for _ in range(int(rng.integers(2, 4))):
        h = int(w * rng.uniform(0.45, 0.7))
        x = CANVAS // 2 - w // 2 + int(rng.integers(-16, 16))
        _carton(canvas, rng, x=x, y=y, w=w, h=h)
        y -= h


def _sacks(canvas: Sprite, rng: Rng) -> None:
    for i in range(int(rng.integers(2, 5))):
        x = CANVAS // 2 + int(rng.integers(-110, 110))
        size = int(rng.integers(70, 110))
        y = GROUND_Y - int(size * 0.8) - (40 if i > 2 else 0)
        base = _color(rng, value=(0.35, 0.85), saturation=(0.0, 0.5))
        _ellipse(canvas, (x, y), (size, int(size * 0.85)), base)
        for _ in range(7):
            fold = tuple(int(c * rng.uniform(0.55, 1.25)) for c in base)
            at = (
                x + int(rng.integers(-size, size) * 0.6),
                y + int(rng.integers(-size, size) * 0.5),
            )
            axes = (int(size * 0.35), int(size * 0.12))
            cv2.ellipse(canvas, at, axes, float(rng.integers(180)), 0, 360, (*_fit(fold), 255), -1)
        _ellipse(canvas, (x, y - int(size * 0.85)), (int(size * 0.2), int(size * 0.22)), base)


def _suitcase(canvas: Sprite, rng: Rng) -> None:
    w, h = int(rng.integers(150, 200)), int(rng.integers(230, 300))
    x, y = CANVAS // 2 - w // 2, GROUND_Y - 14
    base = _color(rng, value=(0.2, 0.8), saturation=(0.2, 0.8))
    _face(canvas, [(x + w // 4, y - h - 70), (x + 3 * w // 4, y - h - 70), (x + 3 * w // 4, y - h),
                   (x + w // 4, y - h)], (60, 60, 60))  # fmt: skip
    inner = [(x + w // 4 + 10, y - h - 58), (x + 3 * w // 4 - 10, y - h - 58),
             (x + 3 * w // 4 - 10, y - h), (x + w // 4 + 10, y - h)]  # fmt: skip
    cv2.fillPoly(canvas, [np.array(inner, np.int32)], (0, 0, 0, 0))
    _cuboid(canvas, x, y, w, h, base, depth=0.25)
    for i in range(1, 5):
        dark = tuple(int(c * 0.7) for c in base)
        cv2.line(canvas, (x + i * w // 5, y - h + 14), (x + i * w // 5, y - 14), (*dark, 255), 5)
    for wheel in (x + 22, x + w - 22):
        _ellipse(canvas, (wheel, y + 4), (13, 13), (30, 30, 30))


def _carton(canvas: Sprite, rng: Rng, *, x: int, y: int, w: int, h: int) -> None:
    base = _color(rng, value=(0.5, 0.8), saturation=(0.3, 0.5), hue=(0.06, 0.11))
    _cuboid(canvas, x, y, w, h, base, depth=0.35)
    tape = tuple(int(c * 1.2) for c in base)
    cv2.line(canvas, (x + w // 2, y - h), (x + w // 2, y), (*_fit(tape), 255), max(w // 14, 2))
    for _ in range(int(rng.integers(1, 4))):
        at = (x + int(rng.integers(8, max(w - 50, 9))), y - int(rng.integers(12, max(h - 6, 13))))
        end = (at[0] + int(rng.integers(14, 40)), at[1] + int(rng.integers(4, 12)))
        cv2.rectangle(canvas, at, end, (*tuple(int(c * 0.45) for c in base), 255), -1)


def _crate(canvas: Sprite, rng: Rng, *, x: int, y: int, w: int, h: int) -> None:
    base = _color(rng, value=(0.35, 0.8), saturation=(0.3, 0.8))
    _cuboid(canvas, x, y, w, h, base, depth=0.4)
    dark = tuple(int(c * 0.5) for c in base)
    for i in range(1, 4):
        cv2.line(canvas, (x + 4, y - i * h // 4), (x + w - 4, y - i * h // 4), (*dark, 255), 4)
    fruit = _color(rng, value=(0.6, 0.95), saturation=(0.6, 0.9))
    for _ in range(26):
        at = (x + int(rng.integers(8, w + w // 5)), y - h - int(rng.integers(0, w // 4)))
        tint = tuple(int(c * rng.uniform(0.7, 1.2)) for c in fruit)
        _ellipse(canvas, at, (w // 11, w // 11), _fit(tint))


def _parasol(canvas: Sprite, rng: Rng, *, x: int) -> None:
    one = _color(rng, value=(0.6, 0.9), saturation=(0.6, 0.9))
    cv2.line(canvas, (x, GROUND_Y), (x, 150), (120, 120, 120, 255), 9)
    for i in range(8):
        tint = one if i % 2 else (225, 225, 225)
        start = 180 + i * 22.5
        cv2.ellipse(canvas, (x, 200), (235, 105), 0, start, start + 22.5, (*tint, 255), -1)


def _cuboid(canvas: Sprite, x: int, y: int, w: int, h: int, base: Color, *, depth: float) -> None:
    """Draw front, top and right side of a box whose front stands at x, y."""
    dx, dy = int(w * depth * 0.6), int(w * depth * 0.55)
    side = tuple(int(c * 0.6) for c in base)
    top = tuple(int(c * 1.2) for c in base)
    _face(
        canvas, [(x + w, y), (x + w + dx, y - dy), (x + w + dx, y - h - dy), (x + w, y - h)], side
    )
    _face(canvas, [(x, y - h), (x + w, y - h), (x + w + dx, y - h - dy), (x + dx, y - h - dy)], top)
    _face(canvas, [(x, y), (x + w, y), (x + w, y - h), (x, y - h)], base)


def _face(canvas: Sprite, corners: list[tuple[int, int]], color: tuple[int, ...]) -> None:
    cv2.fillPoly(canvas, [np.array(corners, np.int32)], (*_fit(color), 255), cv2.LINE_AA)


def _ellipse(canvas: Sprite, at: tuple[int, int], axes: tuple[int, int], color: Color) -> None:
    cv2.ellipse(canvas, at, axes, 0, 0, 360, (*color, 255), -1, cv2.LINE_AA)


def _color(
    rng: Rng,
    *,
    value: tuple[float, float],
    saturation: tuple[float, float],
    hue: tuple[float, float] = (0.0, 1.0),
) -> Color:
    """Return a BGR color."""
    parts = (rng.uniform(*hue), rng.uniform(*saturation), rng.uniform(*value))
    red, green, blue = colorsys.hsv_to_rgb(*parts)
    return (int(blue * 255), int(green * 255), int(red * 255))


def _fit(color: tuple[int, ...]) -> Color:
    blue, green, red = (min(max(int(c), 0), 255) for c in color)
    return (blue, green, red)


def _finished(canvas: Sprite, rng: Rng) -> Sprite:
    """Give grain and soft light, shrink, and cut to the drawn part."""
    grain = (
        rng.normal(0, 9, (*canvas.shape[:2], 1))
        + cv2.resize(rng.normal(0, 10, (12, 12)), (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC)[
            :, :, None
        ]
    )
    light = np.linspace(1.08, 0.8, CANVAS)[:, None, None]
    colored = np.clip(canvas[:, :, :3] * light + grain, 0, 255).astype(np.uint8)
    whole = np.dstack([colored, canvas[:, :, 3]])
    small = cv2.resize(whole, None, fx=SHRINK * 1.1, fy=SHRINK * 1.1, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small[:, :, 3] > 8)
    return small[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.uint8)
