"""Somebody who calls the API with a token."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from chengzhi.accounts.interface import issue_token
from chengzhi.accounts.types import Actor, Role, TokenScope
from tests.conftest import COUNTY
from tests.workorders.conftest import HERE, STALL

BODY = {
    "channel": "hotline",
    "matter_code": STALL,
    "lon": HERE[0],
    "lat": HERE[1],
    "address": "靖南大街126号",
    "description": "果筐越出门线",
    "reporter_name": "王大明",
    "reporter_phone": "13800005678",
}


class Caller:
    """Posts and gets below /api/v1 with one token."""

    def __init__(self, plain: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {plain}"})

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)


def token(
    *, person: int | None = None, scope: TokenScope = TokenScope.API, county: str = COUNTY
) -> str:
    administrator = Actor(
        ref="person:7", name="孙丽", roles=frozenset({Role.ADMINISTRATOR}), division=county
    )
    now = timezone.now()
    issued = issue_token(
        name="测试",
        scopes=[scope],
        expires_at=now + timedelta(days=1),
        person_id=person,
        actor=administrator,
        now=now,
    )
    return issued.plain


def caller(person: int, **more: Any) -> Caller:
    return Caller(token(person=person, **more))
