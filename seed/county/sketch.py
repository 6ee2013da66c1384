"""What the county is drawn from: a coarse outline by hand, town centres, towns' squads, road names.

Names and codes of county and towns are facts. Positions are rough (a hundredth of a degree, about a
kilometre); every line is invented. No published boundary was traced.
"""

from dataclasses import dataclass

COUNTY = ("330225", "象山县")

MAINLAND = (
    (121.60, 29.44), (121.57, 29.48), (121.62, 29.51), (121.67, 29.52), (121.71, 29.55),
    (121.74, 29.53), (121.76, 29.55), (121.72, 29.58), (121.76, 29.62), (121.81, 29.61),
    (121.84, 29.65), (121.88, 29.63), (121.93, 29.64), (121.97, 29.63), (121.99, 29.58),
    (121.98, 29.54), (121.96, 29.52), (121.98, 29.49), (121.98, 29.45), (121.95, 29.42),
    (121.94, 29.38), (121.96, 29.34), (121.95, 29.30), (121.98, 29.27), (121.99, 29.23),
    (121.95, 29.19), (121.92, 29.20), (121.89, 29.18), (121.84, 29.17), (121.79, 29.16),
    (121.77, 29.20), (121.80, 29.23), (121.78, 29.27), (121.74, 29.28), (121.72, 29.32),
    (121.73, 29.36), (121.71, 29.40), (121.66, 29.41),
)  # fmt: skip
ISLANDS: dict[str, tuple[tuple[float, float], ...]] = {
    "330225103": (
        (121.88, 29.10), (121.90, 29.13), (121.92, 29.16), (121.95, 29.17), (121.97, 29.15),
        (121.98, 29.11), (121.96, 29.07), (121.93, 29.06), (121.90, 29.07),
    ),
    "330225204": (
        (121.78, 29.11), (121.79, 29.14), (121.82, 29.15), (121.86, 29.15), (121.87, 29.12),
        (121.85, 29.10), (121.81, 29.10),
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Town:
    """A town: its real name and code, a rough centre, and how densely it is divided."""

    code: str
    name: str
    lon: float
    lat: float
    squad: str
    blocks: int  # unit grids of about a hundred metres in its built-up middle
    turn: float  # degrees by which its streets are turned
    rural: int = 12  # coarse unit grids around the middle


TOWNS = (
    Town(code="330225001", name="丹东街道", lon=121.90, lat=29.46, squad="S01", blocks=1000, turn=8),
    Town(code="330225002", name="丹西街道", lon=121.86, lat=29.46, squad="S02", blocks=800, turn=8),
    Town(code="330225003", name="爵溪街道", lon=121.95, lat=29.48, squad="S03", blocks=360, turn=-14),
    Town(code="330225101", name="石浦镇", lon=121.94, lat=29.23, squad="S04", blocks=420, turn=35, rural=16),
    Town(code="330225102", name="西周镇", lon=121.66, lat=29.47, squad="S05", blocks=120, turn=20, rural=16),
    Town(code="330225103", name="鹤浦镇", lon=121.93, lat=29.12, squad="S08", blocks=90, turn=-20),
    Town(code="330225104", name="贤庠镇", lon=121.87, lat=29.60, squad="S06", blocks=110, turn=0),
    Town(code="330225105", name="墙头镇", lon=121.79, lat=29.49, squad="S05", blocks=80, turn=15),
    Town(code="330225106", name="泗洲头镇", lon=121.77, lat=29.37, squad="S05", blocks=60, turn=-8),
    Town(code="330225107", name="定塘镇", lon=121.85, lat=29.25, squad="S07", blocks=100, turn=5),
    Town(code="330225108", name="涂茨镇", lon=121.95, lat=29.58, squad="S03", blocks=60, turn=25),
    Town(code="330225109", name="大徐镇", lon=121.88, lat=29.53, squad="S02", blocks=80, turn=10),
    Town(code="330225110", name="新桥镇", lon=121.85, lat=29.32, squad="S07", blocks=80, turn=-5),
    Town(code="330225200", name="东陈乡", lon=121.90, lat=29.38, squad="S01", blocks=60, turn=12),
    Town(code="330225201", name="晓塘乡", lon=121.84, lat=29.20, squad="S07", blocks=50, turn=0),
    Town(code="330225202", name="黄避岙乡", lon=121.78, lat=29.58, squad="S06", blocks=50, turn=30),
    Town(code="330225203", name="茅洋乡", lon=121.82, lat=29.40, squad="S05", blocks=50, turn=-12),
    Town(code="330225204", name="高塘岛乡", lon=121.83, lat=29.13, squad="S08", blocks=50, turn=18),
)  # fmt: skip

# Streets of the towns' middles, along the blocks; the names are in real use, the lines are not real.
STREETS: dict[str, tuple[str, ...]] = {
    "330225001": (
        "靖南大街", "天安路", "新丰路", "丹阳路", "滨海大道", "象山港路", "东谷路", "丹峰路", "建设路",
        "育才路", "塔山路", "园中路",
    ),
    "330225002": (
        "巨鹰路", "丹河路", "新华路", "西谷路", "文峰路", "瑶琳路", "白鹤路", "金秋路", "环城西路",
    ),
    "330225003": ("瀛海路", "针织路", "玉泉路", "爵东路", "振兴路"),
    "330225101": ("渔港路", "金山路", "凤栖路", "兴港路", "海峡路", "荔港路"),
    "330225102": ("镇安路", "西周大街"),
    "330225104": ("贤庠大街",),
    "330225107": ("定塘大街",),
    "330225103": ("鹤浦大街",),
}  # fmt: skip
# Roads between towns, by the towns they join.
HIGHWAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("象西线", ("330225002", "330225105", "330225102")),
    ("茅石线", ("330225001", "330225200", "330225110", "330225107", "330225101")),
    ("沿海南线", ("330225003", "330225001", "330225200", "330225101")),
    ("象山港连接线", ("330225002", "330225109", "330225104", "330225202")),
    ("涂茨线", ("330225003", "330225108", "330225104")),
    ("泗洲线", ("330225203", "330225106", "330225110")),
)

# Invented community names; their codes begin at 901, which no real community has.
COMMUNITY_NAMES = (
    "望海", "临河", "朝阳", "海棠", "云台", "松岭", "清溪", "百合", "锦屏", "安澜", "东篱", "南园",
    "听涛", "春晓", "梧桐", "明珠", "青莲", "长虹", "新月", "橘园", "石桥", "竹海", "枫林", "翠屏",
)  # fmt: skip

# (component type of GB/T 47678.5, share, authority, owner, maintainer)
COMPONENTS: tuple[tuple[str, float, str, str, str], ...] = (
    ("01037", 16, "D02", "D02", "K02"),
    ("03005", 12, "D01", "D01", "K01"),
    ("04002", 12, "D02", "D02", "K02"),
    ("01004", 9, "D02", "D02", "K02"),
    ("01002", 7, "D02", "D02", "K02"),
    ("01001", 5, "D05", "D05", "D05"),
    ("01005", 4, "D06", "D06", "D06"),
    ("01003", 4, "D02", "D02", "K02"),
    ("02010", 5, "D04", "D04", "D04"),
    ("02017", 4, "D04", "D04", "D04"),
    ("02025", 4, "D02", "D02", "K02"),
    ("02004", 3, "D04", "D04", "D04"),
    ("01050", 3, "D02", "D02", "K02"),
    ("02012", 3, "D04", "D04", "D04"),
    ("03006", 2, "B01", "", ""),
    ("03001", 2, "D01", "D01", "K01"),
    ("04007", 2, "D02", "D02", "K02"),
    ("04009", 1.5, "D02", "D02", "K02"),
    ("01048", 1.5, "D06", "D06", "D06"),
    ("01054", 1, "D06", "D06", "D06"),
    ("03004", 1, "D01", "D01", "K01"),
    ("04001", 0.5, "D02", "D02", "K02"),
)
AUTHORITIES: dict[str, str] = {
    "B01": "县综合行政执法局",
    "D01": "环境卫生指导中心",
    "D02": "市政园林管理中心",
    "D04": "县交通运输局",
    "D05": "县供水有限公司",
    "D06": "县供电公司",
    "K01": "清海保洁服务有限公司",
    "K02": "远山市政养护有限公司",
}
COMPONENT_COUNT = 2000
