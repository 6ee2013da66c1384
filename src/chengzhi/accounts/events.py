"""What happens to people, units, posts and tokens."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("accounts.unit-created", label="新增机构", say="新增机构 {unit_name}（{code}）")
@dataclass(frozen=True, kw_only=True)
class UnitCreated:
    code: str
    unit_name: str
    kind: str
    division: str
    parent: str


@event(
    "accounts.unit-closed",
    label="撤销机构",
    say="撤销机构 {unit_name}（{code}），自 {closed_on} 起",
)
@dataclass(frozen=True, kw_only=True)
class UnitClosed:
    code: str
    unit_name: str
    closed_on: str


@event(
    "accounts.person-created",
    label="新增人员",
    say="新增人员 {person_name}（{username}），所在机构 {unit}",
)
@dataclass(frozen=True, kw_only=True)
class PersonCreated:
    username: str
    person_name: str
    unit: str


@event(
    "accounts.person-deactivated",
    label="停用人员",
    say="停用人员 {person_name}（{username}）：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class PersonDeactivated:
    username: str
    person_name: str
    reason: str


@event("accounts.post-given", label="授予岗位", say="授予岗位 {label}，自 {valid_from} 起")
@dataclass(frozen=True, kw_only=True)
class PostGiven:
    role: str
    label: str
    valid_from: str


@event("accounts.post-ended", label="终止岗位", say="终止岗位 {label}，至 {valid_to} 止")
@dataclass(frozen=True, kw_only=True)
class PostEnded:
    role: str
    label: str
    valid_to: str


@event("accounts.password-changed", label="修改密码", say="本人修改了密码")
@dataclass(frozen=True, kw_only=True)
class PasswordChanged:
    pass


@event("accounts.password-reset", label="重置密码", say="管理员重置了密码，下次登录须更换")
@dataclass(frozen=True, kw_only=True)
class PasswordReset:
    pass


@event("accounts.signed-in", label="登录", say="从 {address} 登录")
@dataclass(frozen=True, kw_only=True)
class SignedIn:
    address: str


@event("accounts.sign-in-failed", label="登录失败", say="从 {address} 登录失败")
@dataclass(frozen=True, kw_only=True)
class SignInFailed:
    address: str


@event("accounts.locked-out", label="账号锁定", say="从 {address} 连续输错密码，登录暂停")
@dataclass(frozen=True, kw_only=True)
class LockedOut:
    address: str


@event(
    "accounts.token-issued",
    label="签发令牌",
    say="签发令牌 {title}，权限 {scopes}，{expires_at} 失效",
)
@dataclass(frozen=True, kw_only=True)
class TokenIssued:
    title: str
    scopes: str
    holder: str
    expires_at: str


@event("accounts.token-revoked", label="吊销令牌", say="吊销令牌 {title}")
@dataclass(frozen=True, kw_only=True)
class TokenRevoked:
    title: str


@event("accounts.people-exported", label="导出人员", say="导出人员清单，共 {count} 人")
@dataclass(frozen=True, kw_only=True)
class PeopleExported:
    count: int
