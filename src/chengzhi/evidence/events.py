"""The chain of custody: everything that happens to a file."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("evidence.stored", label="存入", say="存入 {file_name}（{media_type}，{size} 字节）")
@dataclass(frozen=True, kw_only=True)
class EvidenceStored:
    sha256: str
    file_name: str
    media_type: str
    size: int


@event("evidence.attached", label="附入", say="附入 {subject}，作为{label}")
@dataclass(frozen=True, kw_only=True)
class EvidenceAttached:
    sha256: str
    subject: str
    role: str
    label: str


@event("evidence.read", label="调阅原件", say="调阅原件，事由：{reason}")
@dataclass(frozen=True, kw_only=True)
class EvidenceRead:
    sha256: str
    reason: str


@event("evidence.erased", label="到期清除", say="随 {subject} 清除文件内容：{reason}")
@dataclass(frozen=True, kw_only=True)
class EvidenceErased:
    """The bytes went by the rules of retention; their hash and their custody stay."""

    sha256: str
    subject: str
    reason: str


@event("evidence.found-broken", label="核验异常", say="核验发现：{reason}")
@dataclass(frozen=True, kw_only=True)
class EvidenceFoundBroken:
    sha256: str
    reason: str
