"""GeoReport v2, method by method and field by field as the specification has them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from chengzhi.accounts.types import Role, TokenScope
from chengzhi.audit.interface import history
from chengzhi.evidence.interface import files_of
from chengzhi.workorders.commands import check, file, intake, verify
from chengzhi.workorders.commands.retention import run_retention
from chengzhi.workorders.models import OutsideRequest, WorkOrder
from chengzhi.workorders.rules import outside as rules
from chengzhi.workorders.types import Channel, State
from chengzhi.workorders.types.endings import ClosingResult
from chengzhi.workorders.types.outside import ENDED
from tests.api.calling import token
from tests.api.conftest import manhole
from tests.vision.conftest import picture
from tests.workorders.conftest import HERE, LITTER, MANHOLE, STALL, STALL_REPORT

FORM = {
    "service_code": STALL,
    "lat": str(HERE[1]),
    "long": str(HERE[0]),
    "address_string": "靖南大街126号3单元502室",
    "email": "smit333@sfgov.edu",
    "device_id": "tt222111",
    "account_id": "123456",
    "first_name": "大明",
    "last_name": "王",
    "phone": "13800005678",
    "description": "果筐越出门线，请打 13912345678 联系",
    "media_url": "http://farm3.example.com/2002/2212426634.jpg",
}
REQUEST_FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


class Open311:
    """A client of the endpoint, with a key or without one."""

    def __init__(self, key: str = "") -> None:
        self.key, self.client = key, Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        keyed = {"api_key": self.key} if self.key else {}
        return self.client.get(f"/open311/v2/{path}", {**keyed, **query})

    def post(self, path: str, form: dict[str, Any], **headers: str) -> Any:
        keyed = {"api_key": self.key} if self.key else {}
        return self.client.post(
            f"/open311/v2/{path}",
            {**keyed, **form},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def sent(self, **changes: str) -> str:
        (answer,) = self.post("requests.json", {**FORM, **changes}).json()
        return str(answer["service_request_id"])


@pytest.fixture
def app(county) -> Open311:
    return Open311(token(scope=TokenScope.OPEN311))


@pytest.fixture
def anybody(county, settings) -> Open311:
    settings.CHENGZHI_OPEN311_PUBLIC = True
    return Open311()


def xml(answer: Any) -> ElementTree.Element:
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(answer.content)


def told(answer: Any) -> list[tuple[int, str]]:
    """Return the errors of an answer, as the specification shapes them."""
    return [(error["code"], error["description"]) for error in answer.json()]


# Discovery ------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["/open311", "/open311/v2"])
def test_discovery_names_the_endpoint_in_both_formats(anybody, base):
    as_json = anybody.client.get(f"{base}/discovery.json")
    as_xml = xml(anybody.client.get(f"{base}/discovery.xml"))

    said = as_json.json()
    assert list(said) == ["changeset", "contact", "key_service", "endpoints"]
    assert said["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "http://testserver/open311/v2",
            "changeset": said["changeset"],
            "type": "test",
            "formats": ["text/xml", "application/json"],
        }
    ]
    assert as_xml.tag == "discovery"
    assert as_xml.findtext("endpoints/endpoint/url") == "http://testserver/open311/v2"
    assert [f.text for f in as_xml.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]


# GET services ---------------------------------------------------------------------------------


def test_services_are_the_matters_in_force_with_every_field(anybody):
    services = anybody.get("services.json").json()

    row = next(row for row in services if row["service_code"] == LITTER)
    assert list(row) == [
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    ]  # fmt: skip
    assert (row["service_name"], row["metadata"], row["type"]) == ("暴露垃圾", True, "realtime")
    assert row["keywords"].startswith("暴露垃圾,")
    assert len(services) > 100


def test_services_in_xml_are_the_same_as_in_json(anybody):
    tree = xml(anybody.get("services.xml", jurisdiction_id=""))

    services = anybody.get("services.json").json()
    assert (tree.tag, {child.tag for child in tree}) == ("services", {"service"})
    first = {part.tag: part.text for part in tree[0]}
    assert first == {**services[0], "metadata": "true"}
    assert len(tree) == len(services)


def test_a_service_list_without_a_format_is_xml_unless_json_is_accepted(anybody):
    plain = anybody.client.get("/open311/v2/services")
    accepted = anybody.client.get("/open311/v2/services", headers={"Accept": "application/json"})

    assert xml(plain).tag == "services"
    assert accepted.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("path", ["services.json", "requests.json", f"services/{STALL}.json"])
def test_another_jurisdiction_is_not_found_and_ours_may_be_named(anybody, path):
    ours = anybody.get(path, jurisdiction_id="330225")
    other = anybody.get(path, jurisdiction_id="city.gov")

    assert (ours.status_code, other.status_code) == (200, 404)
    assert told(other) == [
        (404, "没有找到 jurisdiction_id“city.gov”，本接口只服务 330225，也可不填。")
    ]


# GET service definition -----------------------------------------------------------------------


def test_a_definition_has_typed_attributes_from_the_standard(anybody):
    said = anybody.get(f"services/{MANHOLE}.json").json()

    assert said["service_code"] == MANHOLE
    attributes = {row["code"]: row for row in said["attributes"]}
    assert list(attributes["condition"]) == [
        "variable", "code", "datatype", "required", "datatype_description", "order", "description",
        "values",
    ]  # fmt: skip
    assert attributes["condition"]["datatype"] == "singlevaluelist"
    assert attributes["condition"]["values"][0]["key"] == "1"
    assert len(attributes["condition"]["values"]) == 4
    assert attributes["component_code"]["datatype"] == "string"
    assert attributes["occurred_at"]["datatype"] == "datetime"
    assert (attributes["limits"]["variable"], attributes["limits"]["required"]) == (False, False)
    assert [row["order"] for row in said["attributes"]] == [1, 2, 3, 4]


def test_a_definition_in_xml_nests_values(anybody):
    tree = xml(anybody.get(f"services/{MANHOLE}.xml"))

    assert tree.tag == "service_definition"
    keys = [value.findtext("key") for value in tree.findall("attributes/attribute/values/value")]
    assert keys == ["1", "2", "3", "4"]
    assert tree.findtext("attributes/attribute/variable") == "true"


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("services/033.json", 404, "没有找到 service_code“033”，请从 services 列表选取。"),
        ("services/.json", 400, "没有填写 service_code。"),
    ],
)
def test_a_definition_of_no_service_is_refused(anybody, path, status, sentence):
    answer = anybody.get(path)

    assert (answer.status_code, told(answer)) == (status, [(status, sentence)])


# POST requests --------------------------------------------------------------------------------


def test_a_request_is_posted_with_every_field_of_the_specification(app):
    answer = app.post("requests.json", {**FORM, "attribute[WHISPAWN]": "123456"})

    assert answer.status_code == 201
    (said,) = answer.json()
    assert list(said) == ["service_request_id", "service_notice", "account_id"]
    assert said["account_id"] == "123456"
    order = WorkOrder.objects.get(pk=said["service_request_id"])
    assert (order.channel, order.matter_code, order.state) == ("citizen", STALL, "reported")
    assert (order.reporter_name, order.reporter_phone) == ("王大明", "13800005678")
    assert (order.lon, order.lat, order.address) == (*HERE, "靖南大街126号3单元502室")
    kept = OutsideRequest.objects.get(order=order)
    assert (kept.email, kept.account_id) == ("smit333@sfgov.edu", "123456")
    assert kept.attributes == {"WHISPAWN": "123456"}
    assert "tt222111" not in str(OutsideRequest.objects.values()) + str(WorkOrder.objects.values())


def test_the_published_example_request_is_read_as_it_stands(app):
    """The body of the specification's example, with a service and a place of this county."""
    body = (
        f"api_key={app.key}&jurisdiction_id=330225&service_code={STALL}&lat={HERE[1]}"
        f"&long={HERE[0]}&address_string=1234+5th+street&email=smit333%40sfgov.edu"
        "&device_id=tt222111&account_id=123456&first_name=john&last_name=smith&phone=111111111"
        "&description=A+large+sinkhole+is+destroying+the+street"
        "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
        "&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001"
    )

    answer = app.client.post(
        "/open311/v2/requests.xml",
        body,
        content_type="application/x-www-form-urlencoded; charset=utf-8",
    )

    tree = xml(answer)
    assert (answer.status_code, tree.tag) == (201, "service_requests")
    order = WorkOrder.objects.get(pk=tree.findtext("request/service_request_id"))
    assert order.description == "A large sinkhole is destroying the street"
    assert order.reporter_name == "john smith"
    assert tree.findtext("request/account_id") == "123456"


def test_the_published_example_with_a_service_that_is_none_here_is_not_found(app):
    answer = app.post("requests.json", {**FORM, "service_code": "001"})

    assert told(answer) == [(404, "没有找到 service_code“001”，请从 services 列表选取。")]
    assert WorkOrder.objects.count() == 0


def test_several_values_of_an_attribute_and_a_condition_reach_the_timeline(app):
    (said,) = app.post(
        "requests.json",
        {
            **FORM,
            "service_code": MANHOLE,
            "attribute[condition]": "2",
            "attribute[seen][]": ["a", "b"],
        },
    ).json()

    (_, came) = history(f"workorder:{said['service_request_id']}")
    assert came.label == "开放接口来件"
    assert "condition：2；seen：a,b；" in came.sentence
    assert "附链接 http://farm3.example.com/2002/2212426634.jpg" in came.sentence


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"service_code": ""}, 400, "没有填写 service_code。"),
        (
            {"jurisdiction_id": "x"},
            404,
            "没有找到 jurisdiction_id“x”，本接口只服务 330225，也可不填。",
        ),
        (
            {"lat": "", "long": "", "address_string": ""},
            400,
            "没有位置。请填写 lat 和 long、address_string 或 address_id 之一。",
        ),
        (
            {"long": ""},
            400,
            "long“”应为 −180 至 180 的 WGS-84 度数，lat 和 long 须同时填写。",
        ),
        (
            {"lat": "nan"},
            400,
            "lat“nan”应为 −90 至 90 的 WGS-84 度数，lat 和 long 须同时填写。",
        ),
        (
            {"lat": "", "long": "", "address_id": "330225999"},
            400,
            "address_id“330225999”不是本地的部件、网格或区划编码。",
        ),
        ({"description": "长" * 4001}, 400, "description 最多 4000 字，请删减。"),
        ({"email": "no"}, 400, "email“no”格式不对，例如 name@example.com。"),
        (
            {"media_url": "javascript:alert(1)"},
            400,
            "media_url“javascript:alert(1)”格式不对，例如 https://example.com/photo.jpg。",
        ),
        (
            {"attribute[occurred_at]": "yesterday"},
            400,
            "occurred_at“yesterday”读不懂，应为带时区的 W3C 时间，例如 2026-11-25T10:30:00+08:00。",
        ),
        ({"description": "a\0b"}, 400, "参数里有字符 U+0000，没有处理，请去掉后重发。"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_request_that_cannot_be_taken_says_why_and_changes_nothing(
    app, changes, status, sentence
):
    answer = app.post("requests.json", {**FORM, **changes})

    assert (answer.status_code, told(answer)) == (status, [(status, sentence)])
    assert WorkOrder.objects.count() == 0


def test_everything_that_is_wrong_with_the_attributes_is_told_at_once(app):
    wrong = {"attribute[condition]": "9", "attribute[component_code]": "12"}

    answer = app.post("requests.json", {**FORM, "service_code": MANHOLE, **wrong})

    assert answer.status_code == 400
    assert told(answer) == [
        (400, "attribute[condition]：只能是 1、2、3、4。"),
        (400, "attribute[component_code]：应为 17 位数字。"),
    ]


@pytest.mark.parametrize("key", ["", "xyz"])
def test_without_a_good_key_a_request_is_refused_with_403(anybody, key):
    anybody.key = key

    answer = anybody.post("requests.xml", FORM)

    tree = xml(answer)
    assert (answer.status_code, tree.tag, tree.findtext("error/code")) == (403, "errors", "403")
    assert "api_key" in (tree.findtext("error/description") or "")
    assert WorkOrder.objects.count() == 0


def test_a_token_of_another_scope_opens_nothing(county):
    other = Open311(token(scope=TokenScope.API))

    answer = other.post("requests.json", FORM)

    assert (answer.status_code, WorkOrder.objects.count()) == (403, 0)


def test_a_key_may_come_in_the_authorization_header(app):
    key, app.key = app.key, ""

    answer = app.post("requests.json", FORM, Authorization=f"Bearer {key}")

    assert answer.status_code == 201


def test_an_address_alone_is_placed_by_the_place_it_names(app):
    bare = {"lat": "", "long": "", "address_string": "象山县石浦镇渔港路"}

    number = app.sent(**bare)

    order = WorkOrder.objects.get(pk=number)
    assert (order.town, order.address) == ("330225101", "象山县石浦镇渔港路")
    came = history(order.subject)[1]
    assert "只有地址，点位按“石浦镇”估计，请核对" in came.sentence


def test_an_address_that_names_nothing_here_is_refused(app):
    answer = app.post(
        "requests.json", {**FORM, "lat": "", "long": "", "address_string": "1234 5th street"}
    )

    assert (answer.status_code, WorkOrder.objects.count()) == (400, 0)
    assert told(answer)[0][1].startswith("address_string 中没有本地的道路、社区或镇街名")


def test_an_address_id_is_a_component_a_cell_or_a_division(app, now):
    component = manhole(now)

    numbers = [
        app.sent(lat="", long="", address_string="", address_id=code)
        for code in (component, "330225001002017", "330225101")
    ]

    towns = [WorkOrder.objects.get(pk=number).town for number in numbers]
    assert towns == ["330225001", "330225001", "330225101"]


def test_a_point_without_an_address_is_described(app):
    number = app.sent(address_string="")

    assert WorkOrder.objects.get(pk=number).address == "丹东街道附近"


def test_a_report_close_to_the_same_is_told_so(app):
    app.sent()

    (said,) = app.post("requests.json", FORM).json()

    assert said["service_notice"].endswith("附近已有 1 件同类案件，可能是同一问题。")


def test_pictures_come_in_the_same_form(app):
    photo = SimpleUploadedFile("现场.jpg", picture(8))

    (said,) = app.post("requests.json", {**FORM, "media": photo}).json()

    kept = files_of(f"workorder:{said['service_request_id']}")
    assert [(file.role, file.media_type) for file in kept] == [("near", "image/jpeg")]


def test_a_request_sent_again_under_its_key_makes_one_work_order(app):
    first, second = [app.post("requests.json", FORM, Idempotency_Key="k-1") for _ in range(2)]

    assert first.json()[0]["service_request_id"] == second.json()[0]["service_request_id"]
    assert WorkOrder.objects.count() == OutsideRequest.objects.count() == 1


# GET token ------------------------------------------------------------------------------------


@pytest.fixture
def litter_by_token(monkeypatch):
    shown = rules.publication()
    batch = rules.Publication(
        channels=shown.channels, without=(), text_states=shown.text_states, batch=(LITTER,)
    )
    monkeypatch.setattr(rules, "publication", lambda: batch)


def test_a_token_becomes_a_number_when_somebody_accepts_the_report(
    app, litter_by_token, li_ming, wang_fang, now
):
    (said,) = app.post("requests.json", {**FORM, "service_code": LITTER}).json()
    order = WorkOrder.objects.get()
    before = app.get(f"tokens/{said['token']}.json").json()
    verify.ask_verify(order.pk, assignee=li_ming.ref, actor=wang_fang, now=timezone.now())
    WorkOrder.objects.filter(pk=order.pk).update(state=State.ACCEPTED)

    after = xml(app.get(f"tokens/{said['token']}.xml"))

    assert "service_request_id" not in said
    assert before == [{"service_request_id": None, "token": said["token"]}]
    assert after.tag == "service_requests"
    assert after.findtext("request/service_request_id") == str(order.pk)
    assert after.findtext("request/token") == said["token"]
    services = {s["service_code"]: s["type"] for s in app.get("services.json").json()}
    assert (services[LITTER], services[STALL]) == ("batch", "realtime")


@pytest.mark.parametrize(("path", "status"), [("tokens/12345.json", 404), ("tokens/.json", 400)])
def test_a_token_nobody_gave_is_refused(anybody, path, status):
    answer = anybody.get(path)

    assert (answer.status_code, told(answer)[0][0]) == (status, status)


# GET requests ---------------------------------------------------------------------------------


def test_a_request_is_read_with_every_field_and_without_personal_data(app, anybody):
    number = app.sent()
    WorkOrder.objects.filter(pk=number).update(state=State.ACCEPTED)

    (row,) = anybody.get(f"requests/{number}.json").json()

    assert list(row) == REQUEST_FIELDS
    assert row["service_request_id"] == number
    assert (row["status"], row["status_notes"]) == ("open", "已受理，待立案。")
    assert (row["service_code"], row["service_name"]) == (STALL, "店外经营")
    assert row["description"] == "果筐越出门线，请打 *** 联系"
    assert (row["address"], row["address_id"]) == ("靖南大街126号", "330225001002017")
    assert (row["lat"], row["long"], row["zipcode"], row["media_url"]) == (
        HERE[1], HERE[0], None, None,
    )  # fmt: skip
    assert row["requested_datetime"].endswith("+08:00")
    for secret in ("王大明", "13800005678", "smit333", "13912345678", "502"):
        assert secret not in json.dumps(row, ensure_ascii=False)


def test_a_text_is_shown_to_its_sender_at_once_and_to_everybody_when_accepted(app, anybody):
    number = app.sent()

    mine, theirs = app.get(f"requests/{number}.json"), anybody.get(f"requests/{number}.json")

    assert mine.json()[0]["description"] == FORM["description"]
    assert mine.json()[0]["media_url"] == FORM["media_url"]
    assert theirs.json()[0]["description"] is None


def test_requests_in_xml_are_the_same_as_in_json(app, anybody):
    app.sent()

    tree = xml(anybody.get("requests.xml"))

    (row,) = anybody.get("requests.json").json()
    assert (tree.tag, [part.tag for part in tree[0]]) == ("service_requests", REQUEST_FIELDS)
    assert {part.tag: part.text for part in tree[0]} == {
        name: None if value is None else str(value) for name, value in row.items()
    }


def test_requests_by_number_override_every_other_argument(app, anybody):
    first, second = app.sent(), app.sent()

    found = anybody.get(
        "requests.json",
        service_request_id=f"{first}, {second},987654,x",
        status="closed",
        start_date="2001-01-01T00:00:00Z",
        end_date="2001-01-02T00:00:00Z",
    ).json()

    assert [row["service_request_id"] for row in found] == [second, first]


def test_requests_are_filtered_by_service_status_and_time(bring, anybody, now):
    bring(State.CLOSED)
    bring(State.FILED)
    bring(State.FILED, matter_code=LITTER)
    old = bring(State.FILED, at=now - timedelta(days=120))

    def asked(**query: str) -> list[int]:
        rows = anybody.get("requests.json", **query).json()
        return sorted(int(row["service_request_id"]) for row in rows)

    with_time = {"start_date": "2026-07-01T00:00:00Z", "end_date": "2026-08-01T00:00:00Z"}
    assert len(asked()) == 3
    assert len(asked(status="closed")) == 1
    assert len(asked(status="open")) == 2
    assert len(asked(status="open,closed")) == 3
    assert len(asked(service_code=LITTER)) == 1
    assert len(asked(service_code=f"{LITTER},{STALL}")) == 3
    assert asked(service_code="99999") == []
    assert asked(**with_time) == [old.pk]
    assert asked(start_date="2026-07-01") == [old.pk]
    assert asked(end_date="2026-08-01T00:00:00 08:00") == [old.pk]


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ({"start_date": "2010"}, "start_date“2010”读不懂"),
        ({"start_date": "2026-11-25T10:00:00"}, "start_date“2026-11-25T10:00:00”读不懂"),
        ({"end_date": "2026-99-01"}, "end_date“2026-99-01”读不懂"),
        ({"start_date": "2026-01-01", "end_date": "2026-09-01"}, "start_date 与 end_date 相距超过 90 天"),
        ({"start_date": "2026-09-01", "end_date": "2026-08-01"}, "start_date 晚于 end_date"),
        ({"status": "fixed"}, "status“fixed”不对"),
        ({"page": "0"}, "page 应为 1 至"),
        ({"page_size": "1001"}, "page_size 应为 1 至 1000"),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_answered_with_400(anybody, query, begins):
    answer = anybody.get("requests.json", **query)

    assert answer.status_code == 400
    assert told(answer)[0][0] == 400
    assert told(answer)[0][1].startswith(begins)


def test_pages_of_requests_follow_each_other(app, anybody):
    numbers = [app.sent() for _ in range(5)]

    pages = [anybody.get("requests.json", page=n, page_size=2) for n in (1, 2, 3)]

    found = [[row["service_request_id"] for row in page.json()] for page in pages]
    assert found == [numbers[4:2:-1], numbers[2:0:-1], numbers[:1]]
    assert "page=2" in pages[0].headers["Link"] and 'rel="next"' in pages[0].headers["Link"]
    assert "Link" not in pages[2].headers


@pytest.mark.parametrize(
    "path", ["requests/987654.json", "requests/x.json", "requests/" + "9" * 40]
)
def test_a_request_that_is_none_is_not_found(anybody, path):
    answer = anybody.client.get(f"/open311/v2/{path}", headers={"Accept": "application/json"})

    assert (answer.status_code, told(answer)[0][0]) == (404, 404)


def test_only_public_sources_are_published_and_only_once_accepted(
    bring, anybody, county, wang_fang, now
):
    told_by_phone = {"channel": Channel.HOTLINE}
    intake.report(
        type(STALL_REPORT)(**{**vars(STALL_REPORT), **told_by_phone}), actor=wang_fang, now=now
    )
    bring()
    seen = bring(State.ACCEPTED)
    bring(State.VOIDED)

    rows = anybody.get("requests.json").json()

    assert [int(row["service_request_id"]) for row in rows] == [seen.pk]


def test_a_county_may_keep_its_requests_for_holders_of_keys(app, anybody, settings):
    number = app.sent()
    settings.CHENGZHI_OPEN311_PUBLIC = False

    answers = [anybody.get(path) for path in ("requests.json", f"requests/{number}.json",
               "servicerequestupdates.json")]  # fmt: skip

    assert [answer.status_code for answer in answers] == [403] * 3
    assert anybody.get("services.json").status_code == 200
    assert app.get(f"requests/{number}.json").status_code == 200


def test_a_key_of_another_county_sees_nothing(app, county):
    number = app.sent()
    stranger = Open311(token(scope=TokenScope.OPEN311, county="330203"))

    assert stranger.get(f"requests/{number}.json").status_code == 404
    assert stranger.get("requests.json").json() == []
    assert stranger.get("servicerequestupdates.json").json() == []


# Closed is not fixed --------------------------------------------------------------------------


def test_pain_9_closed_is_told_apart_from_fixed(bring, anybody):
    fixed, twin = bring(State.CLOSED), bring(State.MERGED)

    def extended(pk: int) -> dict[str, Any]:
        (row,) = anybody.get(f"requests/{pk}.json", extended="true").json()
        return {"status": row["status"], "note": row["status_notes"], **row["extended_attributes"]}

    done, merged = extended(fixed.pk), extended(twin.pk)

    assert (done["status"], done["extended_status"], done["is_fixed"]) == ("closed", "fixed", True)
    assert done["note"] == "已结案，现场核查确认解决。"
    assert (merged["status"], merged["extended_status"], merged["is_fixed"]) == (
        "closed", "duplicate", False,
    )  # fmt: skip
    assert merged["note"] == f"与另一件重复，合并办理：第 {merged['duplicate_of']} 号。"


def test_a_refused_report_is_closed_with_its_reason_and_without_names(app, anybody, wang_fang):
    number = app.sent()
    verify.reject(
        int(number),
        reason="不属于城市管理，已告知 13812345678",
        actor=wang_fang,
        now=timezone.now(),
    )

    (row,) = anybody.get(f"requests/{number}.json", extensions="true").json()

    assert (row["status"], row["status_notes"]) == (
        "closed",
        "不予受理：不属于城市管理，已告知 ***",
    )
    assert row["extended_attributes"]["extended_status"] == "not_accepted"
    assert row["updated_datetime"] >= row["requested_datetime"]


def test_every_state_is_open_or_closed_as_it_has_ended_or_not():
    for state in State:
        is_ended = rules.extended_of(state, result="", was_checked=True) in ENDED
        assert (rules.status_of(state) == "closed") is is_ended, state


@pytest.mark.parametrize(
    ("result", "extended", "note"),
    [
        (ClosingResult.RESOLVED, "closed_unconfirmed", "已结案，未经现场核查确认。"),
        (ClosingResult.UNRESOLVED, "not_fixed", "已结案，问题未解决。"),
        (ClosingResult.NOT_OURS, "no_further_action", "不再办理。"),
    ],
)
def test_a_forced_close_is_never_called_fixed(
    bring, anybody, wang_fang, now, result, extended, note
):
    order = bring(State.HANDLING)
    check.force_close(
        order.pk,
        result=result,
        is_condition_met=result is ClosingResult.RESOLVED,
        reason="地块已征收",
        actor=wang_fang,
        now=now,
    )

    (row,) = anybody.get(f"requests/{order.pk}.json", extended="true").json()

    assert (row["status"], row["status_notes"]) == ("closed", note)
    assert row["extended_attributes"]["extended_status"] == extended
    assert row["extended_attributes"]["is_fixed"] is False
    assert "地块已征收" not in json.dumps(row, ensure_ascii=False)
    last = anybody.get("servicerequestupdates.json", extended="true").json()[-1]
    assert (last["status"], last["extended_status"]) == ("closed", extended)


def test_extended_statuses_are_listed_with_their_meaning(anybody):
    rows = {row["code"]: row for row in anybody.get("extended_statuses.json").json()}

    assert rows["fixed"] == {
        "code": "fixed", "name": "已结案，现场核查确认解决", "status": "closed", "is_fixed": True,
    }  # fmt: skip
    assert rows["closed_unconfirmed"]["is_fixed"] is False
    assert rows["in_progress"]["status"] == "open"
    assert xml(anybody.get("extended_statuses.xml")).tag == "extended_statuses"


# Updates --------------------------------------------------------------------------------------


def test_updates_tell_what_happened_in_fixed_sentences(app, anybody, bring):
    order = bring(State.CLOSED)

    rows = anybody.get("servicerequestupdates.json", service_request_id=order.pk).json()

    assert list(rows[0]) == [
        "update_id", "service_request_id", "status", "updated_datetime", "description", "media_url",
    ]  # fmt: skip
    assert [row["description"] for row in rows] == [
        "已收到", "已受理", "已立案，处置时限 2 紧急工作时", "已派给 丹东中队", "丹东中队 已接收任务",
        "已处置，待现场核查", "现场核查通过", "已结案，现场核查确认解决",
    ]  # fmt: skip
    assert [row["status"] for row in rows] == ["open"] * 7 + ["closed"]
    tree = xml(anybody.get("servicerequestupdates.xml", extended="true"))
    assert (tree.tag, tree[0].tag) == ("service_request_updates", "request_update")
    assert tree.findall("request_update/extended_status")[-1].text == "fixed"


def test_updates_of_a_stretch_of_time_only(anybody, bring, now):
    bring(State.FILED, at=now - timedelta(days=3))
    bring(State.FILED)

    rows = anybody.get(
        "servicerequestupdates.json",
        start_date=(now - timedelta(days=1)).isoformat(),
        end_date=datetime(2026, 12, 1, tzinfo=UTC).isoformat(),
    ).json()

    assert len(rows) == 3


def test_a_reporter_adds_to_an_open_request_once(app, anybody):
    number = app.sent()
    form = {"service_request_id": number, "description": "又摆出来两筐", "update_id": "u-1"}

    first, second = [app.post("servicerequestupdates.json", form) for _ in range(2)]

    assert (first.status_code, first.json()) == (201, second.json())
    said = history(f"workorder:{number}")
    assert [e.label for e in said] == ["上报", "开放接口来件", "报告人补充"]
    assert said[-1].sentence == "报告人经开放接口补充：“又摆出来两筐”"
    mine = app.get("servicerequestupdates.json").json()[-1]["description"]
    theirs = anybody.get("servicerequestupdates.json").json()[-1]["description"]
    assert (mine, theirs) == ("又摆出来两筐", "报告人补充了情况")


def test_an_update_of_a_closed_request_is_answered_make_a_new_report(app, bring, snapshot):
    order, before = bring(State.CLOSED), snapshot()

    answer = app.post(
        "servicerequestupdates.json", {"service_request_id": order.pk, "description": "又来了"}
    )

    assert answer.status_code == 400
    assert told(answer) == [
        (
            409,
            f"service_request_id：第 {order.pk} 号已经办结，不再接收补充。"
            "问题仍在或再次出现的，请重新上报（POST requests）。",
        )
    ]
    assert snapshot() == before


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"service_request_id": "", "description": "x"}, 400),
        ({"service_request_id": "987654", "description": "x"}, 404),
        ({"service_request_id": "x", "description": "x"}, 404),
        ({"description": ""}, 400),
        ({"description": "长" * 4001}, 400),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, dict) else "",
)  # fmt: skip
def test_an_update_that_cannot_be_taken_changes_nothing(app, snapshot, form, status):
    number = app.sent()
    before = snapshot()

    answer = app.post("servicerequestupdates.json", {"service_request_id": number, **form})

    assert (answer.status_code, snapshot()) == (status, before)


def test_an_update_needs_a_key(anybody, bring):
    order = bring()

    answer = anybody.post(
        "servicerequestupdates.json", {"service_request_id": order.pk, "description": "x"}
    )

    assert answer.status_code == 403


# Around all methods ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "services.html", 400, 400),
        ("get", "nothing.json", 404, 404),
        ("delete", "requests.json", 400, 405),
        ("post", "services.json", 400, 405),
    ],
)
def test_an_address_or_method_that_is_none_is_an_error_in_the_same_shape(
    anybody, method, path, status, code
):
    answer = getattr(anybody.client, method)(
        f"/open311/v2/{path}", headers={"Accept": "application/json"}
    )

    found = (
        told(answer)[0][0] if "json" in answer.headers["Content-Type"]
        else int(xml(answer).findtext("error/code") or 0)
    )  # fmt: skip
    assert (answer.status_code, found) == (status, code)


def test_every_answer_may_be_read_from_another_origin(anybody):
    answer = anybody.get("services.json")
    asked = anybody.client.options("/open311/v2/requests.json")

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (
        204,
        "GET, POST, OPTIONS",
    )


@pytest.mark.usefixtures("one_minute")
def test_a_key_that_calls_too_often_is_told_when_to_come_back(app, settings):
    settings.CHENGZHI_OPEN311_RATE = 2
    for _ in range(2):
        app.get("services.json")

    answer = app.get("services.json")

    assert (answer.status_code, told(answer)[0][0]) == (429, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_chinese_is_utf_8_in_both_formats(anybody):
    as_json, as_xml = anybody.get("services.json"), anybody.get("services.xml")

    assert "店外经营".encode() in as_json.content
    assert "店外经营".encode() in as_xml.content


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("打13812345678或139-1234-5678", "打***或***"),
        ("+86 13812345678", "***"),
        ("座机0574-65712345", "座机***"),
        ("身份证33022519900101123X", "身份证***"),
        ("车牌浙B12345和浙BD12345挡路", "车牌***和***挡路"),
        ("a.b@c.cn 催", "*** 催"),
        ("门口有 3 筐水果", "门口有 3 筐水果"),
    ],
)
def test_pain_21_every_number_in_a_text_is_hidden_not_only_the_first(text, public):
    assert rules.public_text(text) == public


def test_filing_says_how_long_it_may_take(bring, anybody, wang_fang, now):
    order = bring(State.ACCEPTED)
    file.file(order.pk, condition_number=1, actor=wang_fang, now=now)

    (row,) = anybody.get(f"requests/{order.pk}.json").json()

    assert row["service_notice"].startswith("处置时限 2 紧急工作时；结案条件：")


def test_what_a_sender_left_goes_when_the_reporters_data_go(app, wang_fang, settings):
    number = int(app.sent(phone="", first_name="", last_name=""))
    verify.reject(number, reason="不属于城市管理", actor=wang_fang, now=timezone.now())
    keeper = replace(wang_fang, roles=frozenset({Role.ADMINISTRATOR}))

    run_retention(actor=keeper, now=timezone.now() + timedelta(days=365 * 12))

    kept = OutsideRequest.objects.get(order=number)
    assert (kept.email, kept.account_id, kept.media_url, kept.attributes) == ("", "", "", {})


def test_personal_data_in_attributes_and_updates_do_not_enter_the_log(app):
    number = app.sent(**{"attribute[contact]": "13812345678"})
    app.post(
        "servicerequestupdates.json",
        {"service_request_id": number, "description": "请打 13912345678"},
    )

    said = " ".join(entry.sentence for entry in history(f"workorder:{number}"))
    assert "138****5678" in said and "139****5678" in said
    assert "13812345678" not in said and "13912345678" not in said
