"""How often what happens in the demo county, and the words people use for it: invented."""

import random

from chengzhi.vision.types import FindingKind
from chengzhi.workorders.types import Channel

CHANNELS = {
    Channel.COLLECTOR: 52,
    Channel.HOTLINE: 20,
    Channel.CITIZEN: 12,
    Channel.MERCHANT: 4,
    Channel.PATROL: 9,
    Channel.SUPERIOR: 3,
}
# What nobody of the bureau has seen is looked at before it is filed.
TO_VERIFY = (Channel.HOTLINE, Channel.CITIZEN, Channel.MERCHANT, Channel.SUPERIOR)
REPORTERS = {
    Channel.COLLECTOR: "xiaoyan",
    Channel.HOTLINE: "wangfang",
    Channel.CITIZEN: "wangfang",
    Channel.MERCHANT: "wangfang",
    Channel.PATROL: "haibo",
    Channel.SUPERIOR: "wangfang",
}
MATTERS = {  # GB/T 47678.5 codes
    "09005": 16,
    "09006": 9,
    "09001": 8,
    "09010": 12,
    "09009": 7,
    "06010": 12,
    "06042": 8,
    "06012": 7,
    "06036": 6,
    "06011": 3,
    "07001": 5,
    "07007": 2,
    "01001": 3,
    "01002": 2,
}
KINDS = {
    FindingKind.GOODS_ON_PAVEMENT: 42,
    FindingKind.MOTOR_VEHICLE_PARKED: 26,
    FindingKind.TWO_WHEELER_PARKED: 16,
    FindingKind.OBJECT_LEFT: 16,
}
MATTER_OF = {
    FindingKind.GOODS_ON_PAVEMENT: "09005",
    FindingKind.MOTOR_VEHICLE_PARKED: "09009",
    FindingKind.TWO_WHEELER_PARKED: "09010",
    FindingKind.OBJECT_LEFT: "06036",
}
ZONE_OF = {
    FindingKind.GOODS_ON_PAVEMENT: "人行道",
    FindingKind.MOTOR_VEHICLE_PARKED: "禁停区",
    FindingKind.TWO_WHEELER_PARKED: "盲道",
    FindingKind.OBJECT_LEFT: "人行道",
}
# Where the thing stands in what a camera of 960 × 540 sees of the matter (`Album.seen`).
BOX_OF = {
    FindingKind.GOODS_ON_PAVEMENT: (396.0, 163.0, 250.0, 213.0),
    FindingKind.MOTOR_VEHICLE_PARKED: (404.0, 202.0, 378.0, 154.0),
    FindingKind.TWO_WHEELER_PARKED: (310.0, 262.0, 380.0, 155.0),
    FindingKind.OBJECT_LEFT: (382.0, 283.0, 290.0, 102.0),
}
# Together about 0.76, the accuracy that the county published for 2022.
TRUE_SHARE = {
    FindingKind.GOODS_ON_PAVEMENT: 0.76,
    FindingKind.MOTOR_VEHICLE_PARKED: 0.83,
    FindingKind.TWO_WHEELER_PARKED: 0.75,
    FindingKind.OBJECT_LEFT: 0.66,
}
REASONS = {
    FindingKind.GOODS_ON_PAVEMENT: ("goods_inside", "permitted", "person", "light"),
    FindingKind.MOTOR_VEHICLE_PARKED: ("unloading", "zone_wrong"),
    FindingKind.TWO_WHEELER_PARKED: ("zone_wrong", "person", "unclear"),
    FindingKind.OBJECT_LEFT: ("person", "light", "unclear", "goods_inside"),
}
SHOTS = (("near",), ("near", "far"), ("far",))  # what reporters photograph
WORDS = {
    "09005": ("店家把货摆到人行道上，行人只能走车道。", "门口摆了桌椅和货架，盲道被占。"),
    "09006": ("路口有人摆摊，占了一半人行道。", "小学门口有占道摊点。"),
    "09001": ("三轮车沿街叫卖，停在公交站边。", "流动摊贩聚集，影响通行。"),
    "09010": ("电动车乱停，盲道走不通。", "共享单车倒了一片。"),
    "09009": ("轿车停在人行道上。", "货车停在黄线上不走。"),
    "06010": ("路边堆着生活垃圾，有异味。", "墙角有袋装垃圾没人收。"),
    "06042": ("垃圾箱满了，溢到地上。",),
    "06012": ("路面有油污和菜叶。", "路面泥土没有清扫。"),
    "06036": ("纸箱和木板堆在通道上。",),
    "06011": ("装修垃圾堆了几天没人运。",),
    "07001": ("电线杆上贴满小广告。",),
    "07007": ("横幅破损垂下来。",),
    "01001": ("井盖松动，车一过就响。",),
    "01002": ("污水井盖破损。",),
}
DONE = ("已劝导收回，路面恢复。", "已清理完毕。", "现场整改，已拍照。", "已处置，恢复原状。")
SURNAMES = "陈林王张李周吴郑徐孙"


def words(matter: str, dice: random.Random) -> str:
    """Return what a reporter says of it."""
    return dice.choice(WORDS.get(matter, ("街面问题，请处理。",)))


def done(matter: str, dice: random.Random) -> str:
    """Return what a handler writes when it is done."""
    return dice.choice(DONE)


def citizen(channel: Channel, dice: random.Random) -> str:
    """Return the invented name of somebody who called, or nothing for staff."""
    if channel not in (Channel.HOTLINE, Channel.CITIZEN, Channel.MERCHANT):
        return ""
    return dice.choice(SURNAMES) + dice.choice(("先生", "女士"))


def phone(channel: Channel, dice: random.Random) -> str:
    """Return a number that no network assigns (prefix 100), or nothing for staff."""
    if channel not in (Channel.HOTLINE, Channel.CITIZEN, Channel.MERCHANT):
        return ""
    return f"100{dice.randrange(10**8):08d}"
