"""How work orders end otherwise than by a check, and what ties one to another."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.force-closed",
    label="强制结案",
    say="强制结案（{result_label}，结案条件{met_text}）：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderForceClosed:
    code: str
    from_label: str
    result: str
    result_label: str
    is_condition_met: bool
    met_text: str
    reason: str
    matter_code: str
    channel: str
    town: str
    unit: str
    client_ref: str
    finding: str


@event(
    "workorders.ended-with-master",
    label="随主案办结",
    say="主案 {master_code} {state_label}{result_text}，本案随之办结",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderEndedWithMaster:
    code: str
    master: int
    master_code: str
    state: str
    state_label: str
    result: str
    result_text: str
    client_ref: str
    finding: str


@event(
    "workorders.split-off", label="拆出并案", say="不是同一问题，从 {master_code} 拆出：{reason}"
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderSplitOff:
    code: str
    master: int
    master_code: str
    reason: str


@event(
    "workorders.duplicate-unlinked",
    label="拆出重复",
    say="{duplicate_code} 不是重复，已拆出：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class DuplicateUnlinked:
    code: str
    duplicate: int
    duplicate_code: str
    reason: str


@event("workorders.came-back", label="问题再次出现", say="问题再次出现，另立 {again_code}")
@dataclass(frozen=True, kw_only=True)
class ProblemCameBack:
    code: str
    again: int
    again_code: str


@event("workorders.origin-linked", label="关联原案", say="{origin_code} 结案后问题再次出现")
@dataclass(frozen=True, kw_only=True)
class OriginLinked:
    code: str
    origin: int
    origin_code: str


@event(
    "workorders.bundled", label="捆绑派遣", say="与本单位其他案件捆绑派遣，{bundle_code}；{reason}"
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderBundled:
    code: str
    bundle: int
    bundle_code: str
    reason: str


@event("workorders.referred", label="移送执法", say="移送执法，涉嫌{item}：{reason}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderReferred:
    code: str
    referral: int
    item: str
    reason: str
    matter_code: str
    lon: float
    lat: float
    address: str
    town: str
    has_parties: bool


@event(
    "workorders.referral-answered", label="移送答复", say="执法{answer_label}{case_text}；{answer}"
)
@dataclass(frozen=True, kw_only=True)
class ReferralAnswered:
    code: str
    referral: int
    is_taken: bool
    answer_label: str
    case_ref: str
    case_text: str
    answer: str


@event(
    "workorders.handled-on-spot",
    label="现场处置",
    say="采集员现场处置，依据《{policy_title}》（{document}，负责人 {answerable_name}）{sample_text}",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderHandledOnSpot:
    code: str
    policy: int
    policy_title: str
    document: str
    answerable: str
    answerable_name: str
    is_sampled: bool
    sample_text: str
    photo_count: int


@event("workorders.control-overridden", label="管控范围内立案", say="{control}；仍立案：{reason}")
@dataclass(frozen=True, kw_only=True)
class ControlOverridden:
    code: str
    control: str
    reason: str


@event("workorders.field-setting", label="外勤设置", say="{deed}{what}：{text}")
@dataclass(frozen=True, kw_only=True)
class FieldSettingChanged:
    deed: str
    what: str  # 责任网格 | 管控范围 | 现场处置办法
    text: str
