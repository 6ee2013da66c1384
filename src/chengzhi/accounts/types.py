"""Who people are here: roles, posts and the actor that every command is given."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a post lets a person do (CJJ/T 106; domain.md 1.5)."""

    COLLECTOR = "collector"
    ACCEPTANCE_OFFICER = "acceptance_officer"
    DUTY_MANAGER = "duty_manager"
    DISPATCHER = "dispatcher"
    REVIEWER = "reviewer"
    HANDLER = "handler"
    SQUAD_LEADER = "squad_leader"
    TOWN_OFFICER = "town_officer"
    EVALUATOR = "evaluator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"


ROLE_LABELS: dict[Role, str] = {
    Role.COLLECTOR: "信息采集员",
    Role.ACCEPTANCE_OFFICER: "受理员",
    Role.DUTY_MANAGER: "值班长",
    Role.DISPATCHER: "派遣员",
    Role.REVIEWER: "抓拍复核员",
    Role.HANDLER: "处置人员",
    Role.SQUAD_LEADER: "中队长",
    Role.TOWN_OFFICER: "镇街人员",
    Role.EVALUATOR: "考核员",
    Role.LEADER: "局领导",
    Role.ADMINISTRATOR: "系统管理员",
    Role.AUDITOR: "监督检察（只读）",
    Role.SYSTEM: "系统",
}


class Scope(StrEnum):
    """How far a person sees; the widest scope of a person's roles holds."""

    COUNTY = "county"
    DIVISION = "division"
    UNIT = "unit"
    OWN = "own"
    NOTHING = "nothing"


ROLE_SCOPES: dict[Role, Scope] = {
    Role.COLLECTOR: Scope.OWN,
    Role.ACCEPTANCE_OFFICER: Scope.COUNTY,
    Role.DUTY_MANAGER: Scope.COUNTY,
    Role.DISPATCHER: Scope.COUNTY,
    Role.REVIEWER: Scope.COUNTY,
    Role.HANDLER: Scope.UNIT,
    Role.SQUAD_LEADER: Scope.UNIT,
    Role.TOWN_OFFICER: Scope.DIVISION,
    Role.EVALUATOR: Scope.COUNTY,
    Role.LEADER: Scope.COUNTY,
    Role.ADMINISTRATOR: Scope.COUNTY,
    Role.AUDITOR: Scope.COUNTY,
    Role.SYSTEM: Scope.COUNTY,
}


class UnitKind(StrEnum):
    """What a unit is in the work of the county."""

    BUREAU = "bureau"
    CENTRE = "centre"
    SQUAD = "squad"
    DEPARTMENT = "department"
    CONTRACTOR = "contractor"
    TOWN = "town"


UNIT_KIND_LABELS: dict[UnitKind, str] = {
    UnitKind.BUREAU: "局",
    UnitKind.CENTRE: "指挥中心",
    UnitKind.SQUAD: "中队",
    UnitKind.DEPARTMENT: "部门",
    UnitKind.CONTRACTOR: "外包单位",
    UnitKind.TOWN: "镇街",
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, and as what. A worker is an actor too ("system:deadlines").

    `division` is the code prefix of the area a person belongs to: six digits for the county,
    nine for a town (GB/T 2260, GB/T 10114). Records of another county are never visible.
    """

    ref: str  # "person:12" or "system:worker"
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    unit: str = ""  # unit code
    division: str = ""

    @property
    def county(self) -> str:
        """The six-digit county code."""
        return self.division[:6]

    @property
    def scope(self) -> Scope:
        """The widest scope of the actor's roles."""
        held = {ROLE_SCOPES[role] for role in self.roles}
        return next((scope for scope in Scope if scope in held), Scope.NOTHING)


@dataclass(frozen=True, kw_only=True)
class UnitRef:
    """A unit as other contexts see it."""

    code: str
    name: str
    kind: UnitKind
    division: str
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRef:
    """A person as other contexts see them."""

    ref: str
    name: str
    unit: str
    roles: frozenset[Role]
