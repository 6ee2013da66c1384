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
    "dog_unattended": "06901",  # 犬只违规、流浪犬: a local extension of the standard
}
