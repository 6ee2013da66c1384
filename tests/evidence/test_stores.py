"""The folder and the bucket behave alike."""

import io
from pathlib import Path

import pytest

from chengzhi.evidence.models import FileMissing, FolderStore, S3Store, open_store

KEY = "ab" + "0" * 62 + ".jpg"


class NoSuchKey(Exception):
    """What the S3 client raises for an absent object on GET."""


class ClientError(Exception):
    """What the S3 client raises for an absent object on HEAD."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class Bucket:
    """A bucket in memory that speaks as boto3's client does."""

    class exceptions:
        NoSuchKey = NoSuchKey
        ClientError = ClientError

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.refuses = False

    def put_object(self, *, Bucket, Key, Body):
        self.objects[Bucket, Key] = Body

    def get_object(self, *, Bucket, Key, Range=None):
        if (Bucket, Key) not in self.objects:
            raise NoSuchKey(Key)
        content = self.objects[Bucket, Key]
        if Range:
            start, _, end = Range.removeprefix("bytes=").partition("-")
            content = content[int(start) : int(end) + 1 if end else None]
        return {"Body": io.BytesIO(content)}

    def head_object(self, *, Bucket, Key):
        if self.refuses:
            raise ClientError("403")
        if (Bucket, Key) not in self.objects:
            raise ClientError("404")
        return {"ContentLength": len(self.objects[Bucket, Key])}

    def delete_object(self, *, Bucket, Key):
        self.objects.pop((Bucket, Key), None)


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return FolderStore(tmp_path / "evidence")
    return S3Store(Bucket(), bucket="city", prefix="evidence")


def test_what_is_put_is_got(store):
    store.put(KEY, b"0123456789")

    assert store.get(KEY) == b"0123456789"
    assert store.get(KEY, start=7) == b"789"
    assert store.get(KEY, start=2, length=3) == b"234"
    assert store.size(KEY) == 10


def test_what_is_absent_is_said_to_be_missing(store):
    with pytest.raises(FileMissing, match="证据 ab0000000000… 的文件在存储中缺失"):
        store.get(KEY)

    assert store.size(KEY) is None


def test_deleting_twice_is_no_mistake(store):
    store.put(KEY, b"x")

    store.delete(KEY)
    store.delete(KEY)

    assert store.size(KEY) is None


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "ab/../x", "", "AB" + "0" * 62, KEY + "/..", KEY + "\0", "." + KEY]
)
def test_a_key_that_is_no_hash_is_refused(store, key):
    for deed in (store.get, store.size, store.delete, lambda k: store.put(k, b"x")):
        with pytest.raises(ValueError, match="not a key"):
            deed(key)


def test_a_bucket_spreads_its_objects_under_the_prefix():
    bucket = Bucket()

    S3Store(bucket, bucket="city", prefix="evidence").put(KEY, b"x")
    S3Store(bucket, bucket="town").put(KEY, b"y")

    assert bucket.objects == {("city", f"evidence/ab/{KEY}"): b"x", ("town", f"ab/{KEY}"): b"y"}


def test_a_bucket_that_refuses_is_no_missing_file():
    bucket = Bucket()
    bucket.refuses = True

    with pytest.raises(ClientError, match="403"):
        S3Store(bucket, bucket="city").size(KEY)


def test_a_write_that_fails_leaves_no_half_file(tmp_path, monkeypatch):
    store = FolderStore(tmp_path)

    def full(handle):
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.put(KEY, b"half")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_setting_chooses_the_store(settings, tmp_path):
    settings.CHENGZHI_EVIDENCE = str(tmp_path)

    store = open_store()

    assert isinstance(store, FolderStore)
    assert store.root == Path(tmp_path)


def test_a_bucket_needs_its_client_library():
    pytest.importorskip("boto3", reason="the optional S3 client is not installed")

    store = open_store("s3://city/evidence?endpoint=http://127.0.0.1:9000")

    assert (store.bucket, store.prefix) == ("city", "evidence")
