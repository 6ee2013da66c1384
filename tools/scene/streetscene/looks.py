"""How people, vehicles and cycles look, by seed."""

from __future__ import annotations

from typing import Any

from .dice import Dice

Look = dict[str, Any]

TOPS = (0x3A4A63, 0x7A2F36, 0x2F3A34, 0xB9B2A4, 0x1F2226, 0x5F6F84, 0xA8603A, 0xE1DFD8, 0x4F3B5C,
        0x2C5F6A, 0x8C8450, 0xC06E7A)  # fmt: skip
LEGS = (0x232A38, 0x2F2F31, 0x3F4A5E, 0x5A5248, 0x1A1B1E, 0x6B6456)
SKINS = (0xC89878, 0xB98466, 0xD3A689, 0xA97656)
PAINTS = (0xE4E4E0, 0xC9CCCF, 0x1F2327, 0x5D646B, 0x7A1F22, 0x23405F, 0xB7A88A, 0x2E4A3A)
CYCLES = (0x2F4A7A, 0x8A2F2F, 0x2F6B4A, 0x333538, 0xC7B08A, 0xD9D9D4, 0x3A6F8A)
FRUITS = (0xD9701F, 0xC23A2E, 0x7AA63A, 0xD9B23A, 0x8E3B5E, 0xE8D27A)
COATS = (0x8A6642, 0xD8CBB4, 0x2B2622, 0xB08A5A)
UMBRELLAS = (0x24304A, 0x7A2A34, 0x3A5F4A, 0x8A6A9A, 0x1E1F22, 0xB8884A)


def person(dice: Dice, *, wet: bool = False) -> Look:
    woman = dice.chance(0.5)
    look: Look = {
        "height": round(dice.between(1.55, 1.67) if woman else dice.between(1.64, 1.8), 3),
        "top": dice.pick(TOPS), "legs": dice.pick(LEGS), "skin": dice.pick(SKINS),
        "long": woman and dice.chance(0.7), "short": dice.chance(0.3),
    }  # fmt: skip
    if woman and dice.chance(0.25):
        look["skirt"] = dice.pick(TOPS)
    if dice.chance(0.25):
        look["pack"] = dice.pick(TOPS)
    if dice.chance(0.3):
        look["bag"] = dice.pick(TOPS)
    if dice.chance(0.15):
        look["hat"] = dice.pick(TOPS)
    if wet and dice.chance(0.75):
        look["umbrella"] = dice.pick(UMBRELLAS)
    return look


def keeper(dice: Dice) -> Look:
    look = person(dice)
    for extra in ("bag", "pack", "skirt", "umbrella"):
        look.pop(extra, None)
    return {**look, "apron": dice.pick((0x2F5D4A, 0x6A2F2F, 0x2B3A5A))}


def plate(dice: Dice) -> str:
    """A plate that nobody can have: the letters I and O are never issued."""
    return "浙B·" + "IO" + "".join(str(dice.whole(0, 9)) for _ in range(3))


def vehicle(dice: Dice, *, lit: bool = False) -> Look:
    return {
        "body": dice.pick(("sedan", "sedan", "suv", "suv", "van")),
        "colour": dice.pick(PAINTS), "plate": plate(dice), "lit": lit,
    }  # fmt: skip


def taxi(dice: Dice, *, lit: bool = False) -> Look:
    return {"body": "sedan", "colour": 0x1F6F8A, "plate": plate(dice), "lit": lit, "taxi": True}


def cycle(dice: Dice, *, machine: str, lit: bool = False) -> Look:
    return {"machine": machine, "colour": dice.pick(CYCLES), "lit": lit, "tail": dice.chance(0.7)}


def rider(dice: Dice, *, machine: str, lit: bool = False) -> Look:
    driver = person(dice)
    for extra in ("bag", "skirt", "umbrella"):
        driver.pop(extra, None)
    if machine == "ebike":
        driver["helmet"] = dice.pick((0xD9D9D4, 0x23405F, 0xA82F2F, 0x222426))
    return {**cycle(dice, machine=machine, lit=lit), "rider": driver}


def ware(dice: Dice, kind: str) -> Look:
    if kind == "umbrella":
        return {"colour": dice.pick((0xB33A34, 0x2F6A9A, 0x2F7D4F)), "second": 0xE9E2CF}
    return {"fruit": dice.pick(FRUITS), "plastic": dice.pick((None, 0x2F5D8A, 0x3C7A4F))}
