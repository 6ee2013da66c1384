"""Where the bytes lie: a local folder, or a bucket that speaks the S3 protocol."""

import os
import re
import tempfile
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from chengzhi.kernel.errors import DomainError

KEY = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,12}){0,2}")


class FileMissing(DomainError):
    """The row exists and the bytes do not: somebody took them from the store."""

    code = "file-missing"
    status = 410


class Store(Protocol):
    """Keeps bytes under keys that begin with their SHA-256."""

    def put(self, key: str, content: bytes) -> None: ...
    def get(self, key: str, *, start: int = 0, length: int | None = None) -> bytes: ...
    def size(self, key: str) -> int | None: ...
    def delete(self, key: str) -> None: ...


def open_store(address: str = "") -> Store:
    """Return the store at an address: a folder, or `s3://bucket/prefix?endpoint=https://…`."""
    address = address or str(settings.CHENGZHI_EVIDENCE)
    if not address.startswith("s3://"):
        return FolderStore(Path(address))
    parts = urlsplit(address)
    endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
    return S3Store(_client(endpoint), bucket=parts.netloc, prefix=parts.path.strip("/"))


def _client(endpoint: str | None) -> Any:
    import boto3  # optional: only sites that keep evidence in a bucket install it

    return boto3.client("s3", endpoint_url=endpoint)


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"not a key of the evidence store: {key!r}")
    return key


def _missing(key: str) -> FileMissing:
    return FileMissing(
        f"证据 {key[:12]}… 的文件在存储中缺失。请联系系统管理员运行“chengzhi evidence verify”。"
    )


class FolderStore:
    """Files in a folder, spread over 256 subfolders; a file appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        """Write through a temporary file in the same folder, flushed to disk, then renamed."""
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)

    def get(self, key: str, *, start: int = 0, length: int | None = None) -> bytes:
        """Return the bytes, or a stretch of them.

        :raises FileMissing: nothing lies under the key.
        """
        try:
            with self._path(key).open("rb") as file:
                file.seek(start)
                return file.read(-1 if length is None else length)
        except FileNotFoundError:
            raise _missing(key) from None

    def size(self, key: str) -> int | None:
        """Return the number of bytes, or nothing if there is no such file."""
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove the bytes, if they are there."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.root / _checked(key)[:2] / key


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3Store:
    """Objects in a bucket; an upload is atomic by the protocol itself."""

    def __init__(self, client: Any, *, bucket: str, prefix: str = "") -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = prefix

    def put(self, key: str, content: bytes) -> None:
        """Upload the bytes."""
        self.client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content)

    def get(self, key: str, *, start: int = 0, length: int | None = None) -> bytes:
        """Return the bytes, or a stretch of them.

        :raises FileMissing: nothing lies under the key.
        """
        wanted = {} if not start and length is None else {"Range": _range(start, length)}
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(key), **wanted)
        except self.client.exceptions.NoSuchKey:
            raise _missing(key) from None
        body: bytes = answer["Body"].read()
        return body

    def size(self, key: str) -> int | None:
        """Return the number of bytes, or nothing if there is no such object."""
        try:
            answer = self.client.head_object(Bucket=self.bucket, Key=self._key(key))
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        return int(answer["ContentLength"])

    def delete(self, key: str) -> None:
        """Remove the object, if it is there."""
        self.client.delete_object(Bucket=self.bucket, Key=self._key(key))

    def _key(self, key: str) -> str:
        spread = f"{_checked(key)[:2]}/{key}"
        return f"{self.prefix}/{spread}" if self.prefix else spread


def _range(start: int, length: int | None) -> str:
    return f"bytes={start}-" if length is None else f"bytes={start}-{start + length - 1}"
