"""What can happen to templates, preferences, deliveries and subscriptions."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "notifications.template-changed",
    label="修改通知模板",
    say="模板 {template}（{medium}）改为第 {version} 版",
)
@dataclass(frozen=True, kw_only=True)
class TemplateChanged:
    """A county wrote its own words for a message."""

    template: str
    medium: str
    version: int
    title: str
    words: str


@event(
    "notifications.template-restored",
    label="恢复通知模板",
    say="模板 {template}（{medium}）恢复为随系统文本",
)
@dataclass(frozen=True, kw_only=True)
class TemplateRestored:
    """A county went back to the words that come with the platform."""

    template: str
    medium: str


@event(
    "notifications.preferences-changed",
    label="修改通知设置",
    say="接收方式：{media}；关闭 {muted_count} 类；免打扰 {quiet}",
)
@dataclass(frozen=True, kw_only=True)
class PreferencesChanged:
    """Somebody chose how to be told; addresses are not in the log."""

    media: str
    muted: str
    muted_count: int
    quiet: str


@event(
    "notifications.delivery-failed",
    label="通知发送失败",
    say="{medium_label}“{template_label}”发送 {attempts} 次未成功：{cause}",
)
@dataclass(frozen=True, kw_only=True)
class DeliveryFailed:
    """A message was given up; it stays visible until somebody sends it again or dismisses it."""

    medium_label: str
    template_label: str
    attempts: int
    cause: str


@event(
    "notifications.delivery-resent", label="重新发送通知", say="重新发送，此前尝试 {attempts} 次"
)
@dataclass(frozen=True, kw_only=True)
class DeliveryResent:
    """Somebody sent a message again that had been given up."""

    attempts: int


@event("notifications.delivery-dismissed", label="不再发送通知", say="不再发送：{reason}")
@dataclass(frozen=True, kw_only=True)
class DeliveryDismissed:
    """Somebody decided that a message need not be sent any more."""

    reason: str


@event("notifications.webhook-opened", label="新增推送", say="向 {host} 推送 {events}")
@dataclass(frozen=True, kw_only=True)
class WebhookOpened:
    """A machine of another office is told of events from now on."""

    title: str
    host: str
    events: str


@event("notifications.webhook-ended", label="停止推送", say="停止向 {host} 推送")
@dataclass(frozen=True, kw_only=True)
class WebhookEnded:
    """A machine is told no more."""

    title: str
    host: str


@event("notifications.webhook-secret-changed", label="更换推送密钥", say="{host} 的密钥已更换")
@dataclass(frozen=True, kw_only=True)
class WebhookSecretChanged:
    """The secret that signs the messages to a machine was replaced."""

    title: str
    host: str
