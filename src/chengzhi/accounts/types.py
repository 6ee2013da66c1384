"""Who people are here: roles, posts and the actor that every command is given."""

from dataclasses import dataclass, field
from datetime import date, datetime
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
    Role.DUTY_MANAGER: "值班长",
    Role.DISPATCHER: "派遣员",
    Role.ACCEPTANCE_OFFICER: "受理员",
    Role.REVIEWER: "抓拍复核员",
    Role.SQUAD_LEADER: "中队长",
    Role.HANDLER: "处置人员",
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


class Permission(StrEnum):
    """What somebody may do apart from the steps of a procedure, which name their role themselves.

    Read with `PERMISSION_SENTENCES` and `ROLE_PERMISSIONS`; docs/permissions.md is made of them.
    """

    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_UNITS = "manage_units"
    ISSUE_TOKENS = "issue_tokens"
    READ_LOG = "read_log"
    RETRY_EVENTS = "retry_events"
    READ_ORIGINALS = "read_originals"
    MEND_COPIES = "mend_copies"
    UNMASK = "unmask"
    EXPORT = "export"
    MANAGE_PLACES = "manage_places"
    MANAGE_CAMERAS = "manage_cameras"
    CALIBRATE = "calibrate"
    IMPORT_WORK_ORDERS = "import_work_orders"
    MANAGE_STANDARDS = "manage_standards"
    MANAGE_NOTICES = "manage_notices"
    MANAGE_RETENTION = "manage_retention"
    PLACE_HOLD = "place_hold"


PERMISSION_SENTENCES: dict[Permission, str] = {
    Permission.SEE_PEOPLE: "查看本县机构、人员和岗位",
    Permission.MANAGE_PEOPLE: "新增、停用人员，授予、终止岗位，重置密码",
    Permission.MANAGE_UNITS: "新增、撤销机构",
    Permission.ISSUE_TOKENS: "签发、吊销接口令牌",
    Permission.READ_LOG: "查看全部操作留痕",
    Permission.RETRY_EVENTS: "重新处理失败的事件",
    Permission.READ_ORIGINALS: "写明事由后调阅未脱敏的证据原件，每次调阅都留痕",
    Permission.MEND_COPIES: "增加、取消公开副本上的遮挡，每次修改都留痕",
    Permission.UNMASK: "写明事由后显示完整的个人信息，每次显示都留痕",
    Permission.EXPORT: "把清单导出为表格文件",
    Permission.MANAGE_PLACES: "导入、修改区划、网格、部件和道路",
    Permission.MANAGE_CAMERAS: "登记摄像头，划定区域，修改识别规则",
    Permission.CALIBRATE: "公布阈值办法，采纳、调整、撤回识别阈值，导出训练集",
    Permission.IMPORT_WORK_ORDERS: "从其他系统的清单导入案件，查看导入记录",
    Permission.MANAGE_STANDARDS: "导入本地的立案、处置和结案标准",
    Permission.MANAGE_NOTICES: "修改通知模板，管理接口推送，处理没有发出的通知",
    Permission.MANAGE_RETENTION: "按保存期限规则清除到期的个人信息，查看清除登记",
    Permission.PLACE_HOLD: "写明事由后暂停或恢复一件案件的到期清除",
}

_DESK = frozenset({Permission.EXPORT, Permission.UNMASK})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COLLECTOR: frozenset(),
    Role.ACCEPTANCE_OFFICER: _DESK,
    Role.DUTY_MANAGER: _DESK
    | {
        Permission.READ_ORIGINALS,
        Permission.SEE_PEOPLE,
        Permission.PLACE_HOLD,
        Permission.CALIBRATE,
        Permission.MEND_COPIES,
    },
    Role.DISPATCHER: _DESK | {Permission.SEE_PEOPLE},
    Role.REVIEWER: frozenset(
        {Permission.READ_ORIGINALS, Permission.MEND_COPIES, Permission.EXPORT}
    ),
    Role.HANDLER: frozenset(),
    Role.SQUAD_LEADER: frozenset(
        {
            Permission.READ_ORIGINALS,
            Permission.MEND_COPIES,
            Permission.EXPORT,
            Permission.UNMASK,
            Permission.SEE_PEOPLE,
        }
    ),
    Role.TOWN_OFFICER: frozenset({Permission.EXPORT}),
    Role.EVALUATOR: frozenset({Permission.EXPORT, Permission.SEE_PEOPLE}),
    Role.LEADER: frozenset({Permission.EXPORT, Permission.SEE_PEOPLE, Permission.CALIBRATE}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_PEOPLE,
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_UNITS,
            Permission.ISSUE_TOKENS,
            Permission.READ_LOG,
            Permission.RETRY_EVENTS,
            Permission.EXPORT,
            Permission.MANAGE_PLACES,
            Permission.MANAGE_CAMERAS,
            Permission.IMPORT_WORK_ORDERS,
            Permission.MANAGE_STANDARDS,
            Permission.MANAGE_NOTICES,
            Permission.MANAGE_RETENTION,
            Permission.PLACE_HOLD,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_PEOPLE,
            Permission.READ_LOG,
            Permission.READ_ORIGINALS,
            Permission.EXPORT,
            Permission.PLACE_HOLD,
        }
    ),
    Role.SYSTEM: frozenset(Permission)
    - {Permission.READ_ORIGINALS, Permission.MEND_COPIES, Permission.UNMASK},
}


class TokenScope(StrEnum):
    """Which addresses a token opens."""

    API = "api"
    VISION = "vision"
    OPEN311 = "open311"


TOKEN_SCOPE_LABELS: dict[TokenScope, str] = {
    TokenScope.API: "业务接口 /api/v1",
    TokenScope.VISION: "识别程序接口 /api/v1/vision",
    TokenScope.OPEN311: "开放接口 /open311/v2",
}


class Language(StrEnum):
    """The interface language a person chose."""

    CHINESE = "zh-hans"
    ENGLISH = "en"


class Theme(StrEnum):
    """Light, dark, or what the device says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How the pages look to one person."""

    language: Language
    theme: Theme


THEME_LABELS: dict[Theme, str] = {
    Theme.SYSTEM: "跟随设备",
    Theme.LIGHT: "浅色",
    Theme.DARK: "深色",
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
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRef:
    """A person as other contexts see them."""

    ref: str
    name: str
    unit: str
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True)
class ContactRef:
    """How an active person is reached; only the outbox asks, at the moment of sending."""

    ref: str
    name: str
    mobile: str
    county: str


@dataclass(frozen=True, kw_only=True)
class PostRef:
    """A role somebody holds or held, half-open; no end means still."""

    id: int
    role: Role
    label: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """A person as the administrator's pages show them."""

    id: int
    ref: str
    username: str
    name: str
    mobile: str
    unit: str
    unit_name: str
    is_active: bool
    last_login: datetime | None
    needs_password: bool
    posts: tuple[PostRef, ...]


@dataclass(frozen=True, kw_only=True)
class PersonFilters:
    """What the list of people is asked for; empty means everybody still active."""

    text: str = ""
    unit: str = ""
    role: str = ""
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """One page of people in order of id, and the key at which the next page starts."""

    people: tuple[PersonCard, ...]
    count: int
    next_key: int | None


@dataclass(frozen=True, kw_only=True)
class TokenCard:
    """A token as the administrator's pages show it: never its plain text."""

    id: int
    name: str
    scopes: tuple[TokenScope, ...]
    holder: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new token; `plain` is shown once and kept nowhere."""

    id: int
    plain: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How often a sender may still call in the present window."""

    most: int
    left: int
    reset_s: int


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that its sender may send again: who sends it, under which key, and what it says."""

    holder: str  # "token:…" or "person:12"
    key: str
    request_hash: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered to a call; a replay is the answer of the first time."""

    status: int
    media_type: str
    body: str
    is_replay: bool = False
