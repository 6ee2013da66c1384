"""Masks of characters and of lines of lettering, out of the fonts of this machine.

    python -m tools.training.plates.glyphs --out build/plates

The training reads them from one file, so that the machine that learns needs no fonts. Fonts for the
shipped weights: Debian's fonts-noto-cjk, fonts-dejavu, fonts-liberation, fonts-roboto-unhinted,
fonts-open-sans, fonts-texgyre, fonts-bebas-neue, fonts-lato.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
ROOT = Path(__file__).parents[3]
WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
PLACES, SIGN_WORDS, LATIN_WORDS = (WORDS[key].split() for key in ("places", "signs", "latin"))
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
SPECIAL = "学挂警港澳使领"
LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"
HIGH, WIDE = 90, 48  # pixels of a character's mask
LINE = 40  # pixels of a line's height
LINES = 1500
ATLAS = "glyphs.npz"
CHINESE_FONTS = ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")
LATIN_FONTS = (
    "DejaVuSansCondensed-Bold.ttf",
    "LiberationSansNarrow-Bold.ttf",
    "LiberationSansNarrow-Regular.ttf",
    "RobotoCondensed-Bold.ttf",
    "RobotoCondensed-Medium.ttf",
    "RobotoCondensed-Regular.ttf",
    "OpenSans-CondBold.ttf",
    "texgyreheroscn-bold.otf",
    "texgyreheroscn-regular.otf",
    "BebasNeue-Bold.otf",
    "BebasNeue-Regular.otf",
    "Lato-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
)


@dataclass(frozen=True, eq=False)
class Atlas:
    """Masks: characters by font, and lines of lettering."""

    chinese: str
    chinese_masks: NDArray[np.uint8]  # fonts × characters × HIGH × WIDE
    latin_masks: NDArray[np.uint8]  # fonts × LETTERS + DIGITS × HIGH × WIDE
    lines: Sequence[Mask]  # LINE pixels high

    def character(self, sign: str, *, chinese: int, latin: int) -> Mask:
        """Return the mask of one character in the fonts with these numbers."""
        plain = (LETTERS + DIGITS).find(sign)
        if plain >= 0:
            return self.latin_masks[latin % len(self.latin_masks), plain]
        return self.chinese_masks[chinese % len(self.chinese_masks), self.chinese.index(sign)]


def read_atlas(path: Path) -> Atlas:
    """Read what `main` wrote."""
    held: Any = np.load(path)
    ends = np.cumsum(held["widths"])[:-1]
    return Atlas(
        chinese=str(held["chinese"]),
        chinese_masks=held["chinese_masks"],
        latin_masks=held["latin_masks"],
        lines=np.split(held["lines"], ends, axis=1),
    )


def main() -> None:
    """Draw every mask and keep them in one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share"))
    parser.add_argument("--out", type=Path, default=ROOT / "build/plates")
    parser.add_argument("--seed", type=int, default=20261127)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chinese, latin = _found(options.fonts, CHINESE_FONTS), _found(options.fonts, LATIN_FONTS)
    signs = "".join(dict.fromkeys(PROVINCES + SPECIAL + "".join(PLACES)))
    lines = _lines(chinese, latin, np.random.default_rng(options.seed))
    np.savez_compressed(
        options.out / ATLAS,
        chinese=np.array(signs),
        chinese_masks=np.stack([[_sign(font, sign) for sign in signs] for font in chinese]),
        latin_masks=np.stack([[_sign(f, sign) for sign in LETTERS + DIGITS] for f in latin]),
        lines=np.concatenate(lines, axis=1),
        widths=np.array([line.shape[1] for line in lines]),
    )
    print(f"written: {options.out / ATLAS}")


def _found(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return where the fonts lie.

    :raises SystemExit: one is missing; the packages that bring them are named.
    """
    found = {
        path.name: path for path in sorted(folder.rglob("*.*tf")) + sorted(folder.rglob("*.ttc"))
    }
    missing = [name for name in names if name not in found]
    if missing:
        raise SystemExit(f"no font {', '.join(missing)} in {folder}; packages: {__doc__}")
    return [found[name] for name in names]


def _sign(font: Path, sign: str) -> Mask:
    """Return a character that fills its mask."""
    drawn = _text(font, sign, 120)
    return np.asarray(cv2.resize(drawn, (WIDE, HIGH), interpolation=cv2.INTER_AREA), np.uint8)


def _lines(chinese: Sequence[Path], latin: Sequence[Path], rng: Generator) -> list[Mask]:
    """Return lines as they stand on signs: words, telephone numbers, prices, names."""
    found = []
    for _ in range(LINES):
        text, is_plain = lettering(rng)
        fonts = latin if is_plain else chinese
        drawn = _text(fonts[int(rng.integers(len(fonts)))], text, 48)
        width = max(round(drawn.shape[1] * LINE / drawn.shape[0]), 4)
        found.append(np.asarray(cv2.resize(drawn, (width, LINE)), np.uint8))
    return found


def lettering(rng: Generator) -> tuple[str, bool]:
    """Return something that stands on signs, and whether it holds letters and digits only."""
    kind = rng.choice(6, p=(0.42, 0.14, 0.14, 0.1, 0.1, 0.1))
    words = [SIGN_WORDS[int(i)] for i in rng.integers(0, len(SIGN_WORDS), 2)]
    number = "".join(str(n) for n in rng.integers(0, 10, 11))
    latin = LATIN_WORDS[int(rng.integers(len(LATIN_WORDS)))]
    return (
        ("".join(words[: int(rng.integers(1, 3))]), False),
        ("1" + number[1:], True),
        (latin, True),
        (f"{words[0]}{number[: int(rng.integers(1, 5))]}", False),
        (number[: int(rng.integers(1, 5))] + ("号" if rng.random() < 0.5 else "元"), False),
        (f"{latin} {number[:3]}", True),
    )[int(kind)]


def _text(font: Path, text: str, size: int) -> Mask:
    """Return a text, cut to what is drawn of it."""
    from PIL import Image, ImageDraw, ImageFont

    drawn = ImageFont.truetype(str(font), size)
    left, top, right, bottom = drawn.getbbox(text)
    image = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=255, font=drawn)
    return np.asarray(image, np.uint8)


if __name__ == "__main__":
    main()
