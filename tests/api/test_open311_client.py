"""The independent client `georeport` (PyPI) completes its whole flow against a running server."""

from typing import Any

import pytest
import requests
from georeport import GeoReport

from chengzhi.accounts.types import TokenScope
from chengzhi.workorders.models import WorkOrder
from tests.api.calling import token
from tests.workorders.conftest import HERE, MANHOLE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(county, settings) -> str:
    settings.CHENGZHI_OPEN311_PUBLIC = True
    return token(scope=TokenScope.OPEN311)


@pytest.mark.parametrize("to", ["json", "xml"])
def test_georeport_completes_its_whole_flow(live_server: Any, key: str, to: str):
    root = f"{live_server.url}/open311/v2"
    client = GeoReport(root, jurisdiction="330225", api_key=key, output_format=to)

    services = client.get_service_list()
    manhole = next(row for row in services if row["service_code"] == MANHOLE)
    definition = client.get_service_definition(manhole["service_code"])
    first, second = _posted(root, key), _posted(root, key)
    listed = client.get_service_requests(status="open", service_code=MANHOLE)
    numbered = client.get_service_requests(service_request_id=f"{first},{second}")
    single = client.get_service_request(second)

    assert manhole["service_name"] == "供水井盖异常"
    assert definition["service_code"] == MANHOLE
    assert [row["service_request_id"] for row in listed] == [second, first]
    assert [row["service_request_id"] for row in numbered] == [second, first]
    assert (single["status"], single["service_code"]) == ("open", MANHOLE)
    assert float(single["lat"]) == HERE[1]
    assert WorkOrder.objects.count() == 2


def _posted(root: str, key: str) -> str:
    """Post a request: georeport itself only reads."""
    form = {
        "api_key": key,
        "jurisdiction_id": "330225",
        "service_code": MANHOLE,
        "lat": HERE[1],
        "long": HERE[0],
        "description": "井盖移位",
        "attribute[condition]": "1",
    }
    answer = requests.post(f"{root}/requests.json", data=form, timeout=20)
    assert answer.status_code == 201, answer.text
    return str(answer.json()[0]["service_request_id"])


def test_georeport_is_told_when_a_request_is_none(live_server: Any, key: str):
    client = GeoReport(f"{live_server.url}/open311/v2")

    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request("987654")
