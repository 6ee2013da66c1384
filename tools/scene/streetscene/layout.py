"""The street by seed: invented shops, trees, lamps, bays, the camera's pose and its picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .dice import Dice
from .types import Lens, Sensor, Sky, Street

NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "fruit": (("阿芬水果店", "时令鲜果 批发零售"), ("果香园鲜果", "当季水果 现切果盘")),
    "store": (("好邻居便利店", "烟酒 饮料 日用百货"), ("惠万家超市", "生鲜 粮油 日用品")),
    "noodle": (("老渔港海鲜面馆", "海鲜面 炒年糕"), ("象山小吃店", "面结 麻糍 鱼丸汤")),
    "bun": (("王记包子铺", "鲜肉包 豆浆 油条"), ("早安早餐店", "包子 粥 糯米饭")),
    "hardware": (("顺达五金", "五金 水暖 灯具"), ("兴港五金机电", "电线 开关 工具")),
    "barber": (("秀发理发", "剪发 烫染"), ("新形象美发", "美发 造型")),
    "drug": (("康民药店", "中西成药 医保定点"), ("百姓大药房", "处方药 非处方药")),
    "phone": (("讯通手机", "手机维修 宽带办理"), ("联众通讯", "手机 配件 贴膜")),
}
SIGNS = ("#2f5d8a", "#2e7d4f", "#8c2f2a", "#c9701f", "#5b4a7a", "#1f6f78", "#a33a34", "#37474f")
WALLS = ((176, 168, 154), (186, 174, 158), (166, 160, 150), (190, 182, 170), (172, 150, 134))
AWNINGS = (0x3C6E4F, 0x8A3A34, 0x3B5D84, None, None)


def _shop(dice: Dice, *, kind: str, x: float, w: float) -> Mapping[str, Any]:
    name, line = dice.pick(NAMES[kind])
    return {
        "kind": kind, "name": name, "line": line, "x": x, "w": w, "sign": dice.pick(SIGNS),
        "wall": dice.pick(WALLS), "awning": dice.pick(AWNINGS), "open": True,
        "seed": dice.whole(1, 9999),
    }  # fmt: skip


def shops(dice: Dice, *, focus: float, kind: str) -> list[Mapping[str, Any]]:
    """A row of shops from −26 to +22 m with one of the wanted kind around `focus`."""
    width = dice.between(5.2, 6.0)
    row = [_shop(dice, kind=kind, x=focus, w=width)]
    others = dice.shuffled([name for name in NAMES if name != kind])
    right, left, turn = focus + width / 2, focus - width / 2, 0
    while right < 22 or left > -26:
        w = dice.between(4.4, 6.0)
        sort = others[turn % len(others)]
        turn += 1
        if right < 22:
            row.append(_shop(dice, kind=sort, x=right + w / 2, w=w))
            right += w
        else:
            row.append(_shop(dice, kind=sort, x=left - w / 2, w=w))
            left -= w
        if dice.chance(0.12):
            row[-1] = {**row[-1], "open": False}
    return row


def street(dice: Dice, *, kind: str, lamps_lit: bool = True) -> Street:
    focus = dice.between(-3.6, -2.2)
    first_tree = focus + dice.between(3.6, 4.6)
    trees = tuple(round(first_tree + 7.6 * i, 2) for i in range(-4, 3))
    return Street(
        shops=tuple(shops(dice, focus=focus, kind=kind)),
        trees=trees,
        lamps=tuple({"x": x + 1.3, "lit": lamps_lit} for x in trees[1::2]),
        posts=(),
        yellow=(focus - 11.5, focus + 7.0),
        bays=((focus + 7.6, focus + 18.4), (focus - 28.2, focus - 12.0)),
        racks=((focus + 4.6, focus + 7.4, 0.6, 2.2),),
        focus=focus,
        seed=dice.whole(1, 9999),
    )


def lens(dice: Dice, *, focus: float, size: tuple[int, int]) -> Lens:
    """A camera on a pole across the road, 4.4 to 5.2 m up, looking slightly to the left."""
    side = dice.between(3.0, 4.8)
    return Lens(
        pos=(round(focus + side, 3), round(dice.between(4.3, 5.0), 3), round(dice.between(14.6, 15.6), 3)),
        at=(round(focus + dice.between(-0.5, 0.3), 3), 1.0, 3.5),
        fov=round(dice.between(29.0, 32.0), 2),
        size=size,
    )  # fmt: skip


def sensor(dice: Dice, *, mode: str) -> Sensor:
    dark = mode == "night"
    return Sensor(
        noise=round(dice.between(2.6, 3.6) if dark else dice.between(1.3, 2.2), 2),
        blur=round(dice.between(0.3, 0.6), 2),
        saturation=round(dice.between(0.86, 1.0) * (0.8 if dark else 1.0), 2),
        vignette=round(dice.between(0.1, 0.25), 2),
        crf=dice.whole(43, 45) + (3 if dark else 0),
    )


EXPOSURE = {"day": 0.98, "overcast": 0.95, "rain": 0.98, "night": 1.2}


def sky(dice: Dice, *, mode: str) -> Sky:
    sun = (dice.between(-11, 9), dice.between(15, 19), dice.between(8, 14))
    return Sky(
        mode=mode,
        sun=(round(sun[0], 2), round(sun[1], 2), round(sun[2], 2)),
        rain=dice.whole(240, 420) if mode == "rain" else 0,
        exposure=round(EXPOSURE[mode] * dice.between(0.95, 1.05), 3),
        steps=(),
    )
