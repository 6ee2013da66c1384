"""What happens to the event log itself."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "audit.dead-letter-retried",
    label="重新处理",
    say="第 {event_id} 号事件重新交办，此前失败 {attempts} 次",
)
@dataclass(frozen=True, kw_only=True)
class DeadLetterRetried:
    """Somebody sent an event that had been given up to its reactions again."""

    event_id: int
    attempts: int


@event("audit.log-exported", label="导出留痕", say="导出操作留痕 {count} 行，条件：{filters}")
@dataclass(frozen=True, kw_only=True)
class LogExported:
    """Somebody took a part of the log out of the house."""

    count: int
    filters: str


@event(
    "audit.checkpoint-made",
    label="建立存证点",
    say="存证点覆盖到第 {last_id} 行，共 {count} 行，摘要 {digest}",
)
@dataclass(frozen=True, kw_only=True)
class CheckpointMade:
    """The log was counted and digested up to a row."""

    last_id: int
    count: int
    digest: str
