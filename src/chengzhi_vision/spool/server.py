"""The server as the worker sees it: idempotent HTTP calls with one token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from chengzhi_vision.errors import DeliveryRefused, SourceFailed
from chengzhi_vision.spool.pace import Pace

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
RETRIED = frozenset({401, 408, 425, 429})


class Server:
    """Speaks to the platform; every failure worth a retry is a SourceFailed."""

    def __init__(
        self,
        address: str,
        *,
        token: str,
        transport: httpx.BaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._client = httpx.Client(
            base_url=address.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            transport=transport,
        )

    def close(self) -> None:
        self._client.close()

    def post_finding(self, body: dict[str, Any]) -> list[str]:
        """Send a finding and return the hashes of the evidence the server lacks."""
        answer = self._send("POST", "/api/v1/vision/findings", json=body)
        return [str(item) for item in _object(answer).get("evidence_missing", [])]

    def put_evidence(self, sha256: str, path: Path, *, media_type: str) -> None:
        """Send one piece of evidence."""
        data = path.read_bytes()
        headers = {"Content-Type": media_type, "Content-Length": str(len(data))}
        pieces = self._pace.pieces(data)
        self._send("PUT", f"/api/v1/vision/evidence/{sha256}", content=pieces, headers=headers)

    def heartbeat(self, body: dict[str, Any]) -> list[str]:
        """Tell how the worker and its cameras are; return those that another worker watches."""
        answer = self._send("POST", "/api/v1/vision/heartbeat", json=body)
        found = _object(answer) if answer.content else {}
        return [str(code) for code in found.get("stop", [])]

    def leases(self, body: dict[str, Any]) -> dict[str, Any]:
        """Renew and take leases; return what the worker holds from now on."""
        return _object(self._send("POST", "/api/v1/vision/leases", json=body))

    def tasks(self, worker: str) -> dict[str, Any]:
        """Return the trials this worker may take and the cameras whose picture is wanted."""
        answer = self._send("GET", "/api/v1/vision/tasks", params={"worker": worker})
        found = _object(answer)
        return {"trials": found.get("trials", []), "stills": found.get("stills", [])}

    def tell_trial(self, trial: int, *, worker: str, done: int, total: int) -> bool:
        """Say how far a trial is; return whether it is still wanted."""
        body = {"worker": worker, "done": done, "total": total}
        answer = self._send("POST", f"/api/v1/vision/trials/{trial}/progress", json=body)
        return bool(_object(answer).get("is_wanted"))

    def put_trial_result(self, trial: int, body: dict[str, Any]) -> None:
        """Say what a draft would have reported."""
        self._send("PUT", f"/api/v1/vision/trials/{trial}/result", json=body)

    def put_trial_failure(self, trial: int, worker: str, sentence: str) -> None:
        """Say why a trial cannot be run."""
        body = {"worker": worker, "sentence": sentence[:300]}
        self._send("PUT", f"/api/v1/vision/trials/{trial}/failure", json=body)

    def put_still(self, code: str, content: bytes) -> None:
        """Bring the newest picture of a camera."""
        headers = {"Content-Type": "application/octet-stream"}
        self._send("PUT", f"/api/v1/vision/cameras/{code}/still", content=content, headers=headers)

    def cameras(self) -> list[dict[str, Any]]:
        """Return the cameras this worker is to watch."""
        found = self._json(self._send("GET", "/api/v1/vision/cameras", params={"can": "explore"}))
        if not isinstance(found, list):
            raise SourceFailed("平台返回的摄像机配置不是列表，将稍后重试。")
        return [item for item in found if isinstance(item, dict)]

    def questions(self) -> list[dict[str, Any]]:
        """Return the places that the platform wants looked at again."""
        found = self._json(self._send("GET", "/api/v1/vision/rechecks"))
        rows = found if isinstance(found, list) else []
        return [item for item in rows if isinstance(item, dict)]

    def post_gone(self, finding_id: str, body: dict[str, Any]) -> list[str]:
        """Say that a reported thing is gone; return the pictures that the server lacks."""
        answer = self._send("POST", f"/api/v1/vision/findings/{finding_id}/gone", json=body)
        return [str(item) for item in _object(answer).get("evidence_missing", [])]

    def post_answer(self, number: int, body: dict[str, Any]) -> list[str]:
        """Answer a question; return the pictures that the server lacks."""
        answer = self._send("POST", f"/api/v1/vision/rechecks/{number}", json=body)
        return [str(item) for item in _object(answer).get("evidence_missing", [])]

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise SourceFailed(f"连不上平台（{type(error).__name__}），将自动重试。") from error
        if answer.is_success:
            return answer
        sentence = f"平台答复 {answer.status_code}：{answer.text[:300]}"
        if 400 <= answer.status_code < 500 and answer.status_code not in RETRIED:
            raise DeliveryRefused(sentence)
        raise SourceFailed(sentence)

    @staticmethod
    def _json(answer: httpx.Response) -> Any:
        try:
            return answer.json()
        except ValueError as error:
            raise SourceFailed("平台的答复不是 JSON，将稍后重试。") from error


def _object(answer: httpx.Response) -> dict[str, Any]:
    found = Server._json(answer)
    if not isinstance(found, dict):
        raise SourceFailed("平台的答复不是 JSON 对象，将稍后重试。")
    return found
