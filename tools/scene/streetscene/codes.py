"""Finding kinds and their matter codes, GB/T 47678.5."""

from __future__ import annotations

MATTER_CODES: dict[str, str] = {
    "motor_vehicle_parked": "09009",  # 机动车乱停放
    "two_wheeler_parked": "09010",  # 非机动车乱停放
    "object_left": "06036",  # 乱堆杂物
    "goods_on_pavement": "09005",  # 店外经营
    "stall": "09001",  # 无照经营游商
    "garbage_exposed": "06010",  # 暴露垃圾
    "bin_overflow": "06042",  # 垃圾站（箱）满溢
    "street_trading": "09006",  # 占道经营
    "materials_piled": "08006",  # 施工物料乱堆放
    "umbrella_out": "06043",  # 遮阳篷（棚、伞）破损: also not as the rules for them ask
    "banner_hung": "07007",  # 违规标语宣传品
    "dog_unattended": "06901",  # 犬只违规、流浪犬: a local extension of the standard
}
