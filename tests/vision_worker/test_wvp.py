"""GB/T 28181 through wvp: what is asked of it, and the habits that its users' reports call for."""

import httpx
import numpy as np
import pytest

from chengzhi_vision.errors import SourceFailed
from chengzhi_vision.sources.video import is_live
from chengzhi_vision.sources.wvp import INVITES, Gateway, is_wvp
from chengzhi_vision.types import Frame

DEVICE, CHANNEL = "34020000001320000001", "34020000001310000001"
ADDRESS = f"wvp://gateway:18080/{DEVICE}/{CHANNEL}"
RTSP = "rtsp://media:554/rtp/34020000001320000001_34020000001310000001"
PLAYING = {"code": 0, "msg": "成功", "data": {"rtsp": RTSP, "flv": "http://media/x.live.flv"}}
TIMED_OUT = {"code": 100, "msg": "点播超时", "data": None}


class Wvp:
    """A fake of the platform: answers to `start` in a row, and what it was asked."""

    def __init__(self, *starts: object) -> None:
        self.starts = list(starts)
        self.asked: list[str] = []
        self.headers: list[httpx.Headers] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        deed = request.url.path.split("/")[3]
        self.asked.append(deed)
        self.headers.append(request.headers)
        assert request.url.path == f"/api/play/{deed}/{DEVICE}/{CHANNEL}"
        if deed == "stop":
            return httpx.Response(200, json={"deviceId": DEVICE, "channelId": CHANNEL})
        answer = self.starts.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def gateway(self, address: str = ADDRESS, **environment: str) -> Gateway:
        return Gateway(address, self.waits.append, environment, httpx.MockTransport(self))


def test_a_channel_is_played_and_its_rtsp_address_is_read():
    wvp = Wvp(PLAYING)

    assert wvp.gateway().play() == RTSP
    assert wvp.asked == ["start"]


def test_the_first_invite_times_out_and_the_second_works():
    wvp = Wvp(TIMED_OUT, PLAYING)

    assert wvp.gateway().play() == RTSP
    assert wvp.asked == ["start", "stop", "start"]
    assert wvp.waits == [2.0]


def test_a_device_that_never_answers_is_given_up_with_what_the_platform_said():
    wvp = Wvp(*[TIMED_OUT] * INVITES)

    with pytest.raises(SourceFailed, match="100 点播超时.*设备可能离线"):
        wvp.gateway().play()

    assert wvp.asked == ["start", "stop", "start", "stop", "start"]
    assert wvp.waits == [2.0, 4.0]


def test_without_rtsp_the_flv_address_is_read():
    data = {"rtsp": None, "flv": "http://media/x.live.flv"}

    assert Wvp({**PLAYING, "data": data}).gateway().play() == "http://media/x.live.flv"


@pytest.mark.parametrize(
    "answer",
    [httpx.ConnectError("away"), httpx.Response(401), httpx.Response(200, text="<html>")],
)
def test_a_platform_that_is_away_is_a_source_that_failed(answer):
    with pytest.raises(SourceFailed, match="国标平台 http://gateway:18080 没有正常答复"):
        Wvp(answer).gateway().play()


def test_the_secret_travels_in_a_header_and_never_in_the_address():
    wvp = Wvp(PLAYING)

    wvp.gateway(CHENGZHI_WVP_HEADER="api-key: s3cret").play()

    assert wvp.headers[0]["api-key"] == "s3cret"


def test_a_stream_without_a_picture_ends_its_session_and_is_not_called_offline():
    wvp = Wvp()

    with pytest.raises(SourceFailed, match="在线但没有画面"):
        list(wvp.gateway().shown(iter(())))

    assert wvp.asked == ["stop"]


def test_a_stream_with_pictures_is_left_to_end_by_itself():
    wvp = Wvp()
    frame = Frame(index=0, pts=0.0, at=1.0, image=np.zeros((2, 2, 3), np.uint8))

    assert list(wvp.gateway().shown(iter([frame]))) == [frame]
    assert wvp.asked == []


def test_a_stream_that_cannot_be_opened_ends_its_session():
    wvp = Wvp(PLAYING)

    def broken(address: str) -> tuple[object, None]:
        assert address == RTSP
        raise SourceFailed("打不开")

    with pytest.raises(SourceFailed, match="打不开"):
        wvp.gateway().read(broken)

    assert wvp.asked == ["start", "stop"]


@pytest.mark.parametrize("tail", ["", "/1", "/a/b", f"/{DEVICE}/{CHANNEL}/x"])
def test_an_address_that_names_no_channel_is_refused(tail):
    with pytest.raises(SourceFailed, match="wvp://主机:端口/设备编号/通道编号"):
        Wvp(PLAYING).gateway(f"wvp://gateway{tail}").play()


def test_a_channel_is_a_live_source():
    assert is_wvp(ADDRESS)
    assert is_live(ADDRESS)
    assert not is_wvp("rtsp://gateway/live")
