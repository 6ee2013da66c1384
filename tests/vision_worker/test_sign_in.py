"""Snapshot addresses of real cameras: Digest, Basic, a gateway's key, redirects, tries."""

import base64
import hashlib
from collections.abc import Callable
from urllib.request import parse_keqv_list

import cv2
import httpx
import numpy as np
import pytest

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.sources.snapshot import MOST_HOPS, TRIES, SnapshotSource

_, JPEG = cv2.imencode(".jpg", np.full((48, 64, 3), 120, np.uint8))
PICTURE = httpx.Response(200, content=JPEG.tobytes())
ADDRESS = "snapshot+http://admin:p%40ss@camera/ISAPI/Streaming/channels/101/picture"
KEY = {"CHENGZHI_SNAPSHOT_HEADER": "gateway:18080 api-key: s3cret"}
Answer = Callable[[httpx.Request], httpx.Response]


def md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()


class Camera:
    """A fake camera that asks for Digest and checks the answer; `nonce` may be renewed."""

    def __init__(self, *, password: str = "p@ss") -> None:
        self.password, self.nonce = password, "n1"
        self.urls: list[str] = []
        self.signed: list[bool] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        self.signed.append("authorization" in request.headers)
        scheme, _, fields = request.headers.get("authorization", "").partition(" ")
        if scheme == "Digest" and self._is_right(request, parse_keqv_list(fields.split(", "))):
            return PICTURE
        asked = f'Digest realm="IP Camera", qop="auth", nonce="{self.nonce}", algorithm=MD5'
        return httpx.Response(401, headers={"www-authenticate": asked})

    def _is_right(self, request: httpx.Request, told: dict[str, str]) -> bool:
        secret = md5("admin", "IP Camera", self.password)
        deed = md5("GET", request.url.raw_path.decode())
        proof = md5(secret, self.nonce, told["nc"], told["cnonce"], "auth", deed)
        return told["nonce"] == self.nonce and told["response"] == proof


class Poll:
    """A source on a fake server, and how long it waited."""

    def __init__(self, answer: Answer, address: str = ADDRESS, **environment: str) -> None:
        self.waits: list[float] = []
        source = SnapshotSource(
            address,
            every_s=5,
            clock=lambda: 0.0,
            wait=self._wait,
            transport=httpx.MockTransport(answer),
            environment=environment,
        )
        self.frames = source.frames(started_at=0.0, stop=lambda: False)

    def _wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return False

    def look(self) -> tuple[int, ...]:
        return next(self.frames).image.shape


def test_a_camera_that_asks_for_digest_is_answered():
    camera = Camera()

    assert Poll(camera).look() == (48, 64, 3)
    assert camera.signed == [False, True]
    assert not any("admin" in url for url in camera.urls)


def test_later_polls_sign_in_at_once_and_a_stale_nonce_is_renewed():
    camera = Camera()
    poll = Poll(camera)

    poll.look()
    poll.look()
    camera.nonce = "n2"
    poll.look()

    assert camera.signed == [False, True, True, True, True]


def test_a_camera_that_asks_for_basic_is_answered():
    def answer(request: httpx.Request) -> httpx.Response:
        if (
            request.headers.get("authorization")
            == f"Basic {base64.b64encode(b'admin:p@ss').decode()}"
        ):
            return PICTURE
        return httpx.Response(401, headers={"www-authenticate": 'Basic realm="cam"'})

    poll = Poll(answer)

    assert [poll.look(), poll.look()] == [(48, 64, 3)] * 2


def test_where_both_are_offered_the_password_is_not_sent_in_the_clear():
    told: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        told.append(request.headers.get("authorization", "").partition(" ")[0])
        asked = [("www-authenticate", 'Basic realm="c"')]
        asked.append(("www-authenticate", 'Digest realm="c", qop="auth", nonce="n"'))
        return PICTURE if told[-1] else httpx.Response(401, headers=asked)

    Poll(answer).look()

    assert told == ["", "Digest"]


def test_a_wrong_password_is_tried_once_and_the_sentence_keeps_it_to_itself():
    camera = Camera(password="other")
    poll = Poll(camera)

    with pytest.raises(SourceFailed, match="用户名、密码不对（401）") as refused:
        poll.look()

    assert "p@ss" not in refused.value.sentence
    assert (camera.signed, poll.waits) == ([False, True], [])


def test_a_challenge_that_nobody_knows_is_a_source_that_failed():
    asked = {"www-authenticate": 'Digest realm="c", nonce="n", algorithm=SM3'}

    with pytest.raises(SourceFailed, match="取不到画面（KeyError）"):
        Poll(lambda _: httpx.Response(401, headers=asked)).look()


def test_the_gateways_key_travels_in_a_header_and_to_the_gateway_alone():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return PICTURE

    Poll(answer, "snapshot+http://gateway:18080/api/snap?channel=1", **KEY).look()
    Poll(answer, "snapshot+http://camera/snap", **KEY).look()

    assert [request.headers.get("api-key") for request in seen] == ["s3cret", None]


@pytest.mark.parametrize(
    ("target", "is_told"),
    [
        ("https://camera/new", True),
        ("/new", True),
        ("http://elsewhere/new", False),
    ],
)
def test_a_redirect_is_followed_and_another_host_is_told_no_secret(target: str, is_told: bool):
    camera = Camera()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/new":
            return httpx.Response(302, headers={"location": target})
        return camera(request)

    poll = Poll(answer)

    if is_told:
        assert poll.look() == (48, 64, 3)
        return
    with pytest.raises(SourceFailed, match="401"):
        poll.look()
    assert camera.signed == [False]


def test_a_gateway_that_sends_us_elsewhere_keeps_its_key():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        away = httpx.Response(302, headers={"location": "http://files/1.jpg"})
        return away if request.url.host == "gateway" else PICTURE

    Poll(answer, "snapshot+http://gateway:18080/api/snap", **KEY).look()

    assert ["api-key" in request.headers for request in seen] == [True, False]


def test_a_ring_of_redirects_ends():
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(302, headers={"location": "/again"})

    with pytest.raises(SourceFailed, match="TooManyRedirects"):
        Poll(answer).look()
    assert len(asked) == TRIES * (MOST_HOPS + 1)


def test_a_camera_that_stumbles_is_asked_again():
    answers: list[httpx.Response | Exception] = [
        httpx.ReadTimeout("slow"),
        httpx.Response(503),
        PICTURE,
    ]

    def answer(_: httpx.Request) -> httpx.Response:
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    poll = Poll(answer)

    assert poll.look() == (48, 64, 3)
    assert poll.waits == [1.0, 2.0]


def test_an_address_that_is_none_is_refused():
    with pytest.raises(SourceFailed, match=r"snapshot\+http://主机/路径"):
        Poll(lambda _: PICTURE, "snapshot+http://camera:port/snap")
