"""How a source signs in over HTTP: as the camera asks, and to nobody but the host it is meant for."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import httpx

HEADER = "CHENGZHI_SNAPSHOT_HEADER"


class CameraAuth(httpx.Auth):
    """Digest where the camera offers it, else Basic; nothing is told before it asks."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx.DigestAuth(user, password)
        self._basic = httpx.BasicAuth(user, password)
        self._is_basic = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request, and once more with what was asked for."""
        if self._is_basic:
            yield from self._basic.auth_flow(request)
            return
        digest = self._digest.auth_flow(request)
        answer = yield next(digest)
        if answer.status_code != 401:
            return
        offers = {one.partition(" ")[0].lower() for one in _challenges(answer)}
        if "digest" in offers:
            yield digest.send(answer)
        elif "basic" in offers:
            self._is_basic = True
            yield from self._basic.auth_flow(request)


def _challenges(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("www-authenticate")


def auth_of(url: httpx.URL) -> CameraAuth | None:
    """Return how to sign in with the user and password of an address, if it has any."""
    return CameraAuth(url.username, url.password) if url.username else None


def without_secrets(url: httpx.URL) -> httpx.URL:
    return url.copy_with(username=None, password=None)


def may_know(url: httpx.URL, *, meant: httpx.URL) -> bool:
    """Tell whether an address may be told the secrets of another: its host, no less protected."""
    return url.host == meant.host and url.scheme in ("https", meant.scheme)


def header_for(url: httpx.URL, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the header of the one gateway that wants one: "host:port name: value"."""
    host, _, header = environment.get(HEADER, "").strip().partition(" ")
    name, mark, value = header.partition(":")
    is_meant = bool(mark) and host == url.netloc.decode("ascii")
    return {name.strip(): value.strip()} if is_meant else {}
