"""Pages, maps and the API of places: what people of the county see, and strangers do not."""

import json
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chengzhi.accounts.models import Person, Post, Unit
from chengzhi.accounts.types import Role
from chengzhi.places import commands
from chengzhi.places.models import Cell, Component
from chengzhi.places.rules import wgs84_to_gcj02
from chengzhi.places.types import ComponentForm, PlaceKind, Point
from tests.places.conftest import (
    COMMUNITY,
    COUNTY,
    TOWN,
    collection,
    feature,
    middle,
    paper_cells,
    square,
)

pytestmark = pytest.mark.django_db
GRID = f"{TOWN}001"
SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None, now: datetime) -> SignIn:
    def make(*roles: Role, division: str = COUNTY) -> Client:
        unit, _ = Unit.objects.get_or_create(
            code=f"C{division}", name="指挥中心", kind="centre", division=division
        )
        username = f"user{Person.objects.count()}"
        person = Person.objects.create(
            username=username, name="王芳", unit=unit, created_at=now, password_changed_at=now
        )
        for role in roles:
            Post.objects.create(person=person, role=role, valid_from=date(2020, 1, 1))
        client = Client()
        client.force_login(person, backend="chengzhi.accounts.web.KnownPeople")
        return client

    return make


@pytest.fixture
def clerk(sign_in) -> Client:
    return sign_in(Role.DUTY_MANAGER)


@pytest.fixture
def keeper(sign_in) -> Client:
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def stranger(sign_in) -> Client:
    return sign_in(Role.ADMINISTRATOR, division="330203")


@pytest.fixture
def bin_code(paper_county, bring, admin, now) -> str:
    bring(
        PlaceKind.GRID,
        feature(None, code=GRID, name="丹东01格", squad="S01", cells=[f"{COMMUNITY}003"]),
    )
    lon, lat = middle(0, 0)
    form = ComponentForm(
        type_code="03005",
        point=Point(lon=lon, lat=lat),
        authority_code="D01",
        authority_name="环境卫生指导中心",
    )
    return commands.register_component(form, actor=admin, now=now)


def addresses(code: str) -> list[str]:
    return [
        reverse("places"),
        reverse("places-town", args=[TOWN]),
        reverse("places-grid-list"),
        reverse("places-grid", args=[GRID]),
        reverse("places-road-list"),
        reverse("places-component-list"),
        reverse("places-component", args=[code]),
        reverse("places-towns"),
        reverse("places-roads"),
        reverse("places-grids"),
        reverse("places-grid-cells", args=[GRID]),
    ]


def test_every_page_opens_for_somebody_of_the_county(clerk, bin_code):
    answers = {address: clerk.get(address).status_code for address in addresses(bin_code)}

    assert set(answers.values()) == {200}


def test_nobody_sees_places_without_signing_in(client, bin_code):
    answers = {address: client.get(address).status_code for address in addresses(bin_code)}

    assert set(answers.values()) == {302}


def test_stranger_sees_nothing(stranger, bin_code):
    records = [
        reverse("places-town", args=[TOWN]),
        reverse("places-grid", args=[GRID]),
        reverse("places-component", args=[bin_code]),
        reverse("places-grid-cells", args=[GRID]),
    ]
    lists = [address for address in addresses(bin_code) if address not in records]

    assert [stranger.get(address).status_code for address in records] == [404] * 4
    for address in lists:
        page = stranger.get(address).content.decode()
        assert "丹东" not in page and bin_code not in page


def test_stranger_of_the_api_sees_nothing(stranger, bin_code):
    lon, lat = middle(0, 0)

    located = stranger.get("/api/v1/places/locate", {"lon": lon, "lat": lat}).json()

    assert located["town"] == located["cell"] == ""
    assert stranger.get("/api/v1/places/components").json()["items"] == []
    assert stranger.get("/api/v1/places/divisions").json() == []
    assert stranger.get("/api/v1/places/grids").json() == []
    assert stranger.get(f"/api/v1/places/components/{bin_code}").status_code == 404


def test_api_locates_a_point_of_a_phone_map(clerk, bin_code):
    lon, lat = (float(value) for value in wgs84_to_gcj02(*middle(0, 0)))

    answer = clerk.get("/api/v1/places/locate", {"lon": lon, "lat": lat, "crs": "gcj02"}).json()

    assert (answer["cell"], answer["grid"]) == (f"{COMMUNITY}003", GRID)
    assert (answer["town_name"], answer["community_name"]) == ("丹东街道", "金秋社区")


def test_api_registers_changes_and_removes(keeper, bin_code):
    lon, lat = middle(1, 1)
    body = {
        "type_code": "03005",
        "lon": lon,
        "lat": lat,
        "authority_code": "D01",
        "authority_name": "环境卫生指导中心",
    }
    send = {"content_type": "application/json"}

    made = keeper.post("/api/v1/places/components", body, **send)
    code = made.json()["code"]
    changed = keeper.patch(f"/api/v1/places/components/{code}", {"status": "lost"}, **send)
    removed = keeper.post(f"/api/v1/places/components/{code}/remove", {"reason": "拆除"}, **send)
    again = keeper.post(f"/api/v1/places/components/{code}/remove", {"reason": "拆除"}, **send)

    assert (made.status_code, changed.json()["status"]) == (201, "lost")
    assert removed.json()["status"] == "removed"
    assert (again.status_code, again.json()["error"]) == (409, "component-gone")


def test_map_is_sent_once_until_places_change(clerk, bring, bin_code):
    first = clerk.get(reverse("places-towns"))

    same = clerk.get(reverse("places-towns"), HTTP_IF_NONE_MATCH=first["ETag"])
    bring(PlaceKind.DIVISION, feature(square(0, 10, size=5), code="330225003", name="爵溪街道"))
    other = clerk.get(reverse("places-towns"), HTTP_IF_NONE_MATCH=first["ETag"])

    assert (same.status_code, other.status_code) == (304, 200)
    assert first["Content-Type"] == "application/geo+json"
    assert len(other.json()["features"]) == 3


def test_grids_of_one_town_as_shapes(clerk, bin_code):
    both = clerk.get(reverse("places-grids")).json()["features"]
    other = clerk.get(reverse("places-grids"), {"town": "330225002"}).json()["features"]

    assert [f["properties"]["code"] for f in both] == [GRID]
    assert other == []


def test_component_list_filters_and_pages_both_ways(clerk, bin_code):
    row = Component.objects.get()
    for number in range(2, 121):
        row.pk, row.sequence, row.code = None, number, f"33022503005{number:06d}"
        row.save(force_insert=True)
    address = reverse("places-component-list")

    first = clerk.get(address).context["page"]
    second = clerk.get(address, {"after": first.next}).context["page"]
    back = clerk.get(address, {"before": second.previous}).context["page"]
    none = clerk.get(address, {"status": "lost"}).context["page"]

    assert (first.total, len(first.rows), first.previous) == (120, 50, "")
    assert second.rows[0].code == "33022503005000051"
    assert [r.code for r in back.rows] == [r.code for r in first.rows]
    assert (none.total, none.rows) == (0, [])


def test_component_list_exports_what_it_shows(clerk, bin_code):
    answer = clerk.get(reverse("places-component-list"), {"export": "csv", "town": TOWN})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("管理部件标识码,部件名称")
    assert lines[1].startswith(f"{bin_code},垃圾箱,垃圾箱,完好,丹东街道,金秋社区,{COMMUNITY}003")


def test_export_is_refused_without_the_permission(sign_in, bin_code):
    collector = sign_in(Role.COLLECTOR)

    assert collector.get(reverse("places-grid-list"), {"export": "csv"}).status_code == 403


@pytest.mark.parametrize("name", ["places", "places-grid-list"])
def test_other_lists_export_too(clerk, bin_code, name):
    answer = clerk.get(reverse(name), {"export": "xlsx"})

    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert clerk.get(reverse(name), {"export": "pdf"}).status_code == 422


def test_keeper_changes_and_removes_on_the_page(keeper, bin_code):
    changed = keeper.post(
        reverse("places-component-change", args=[bin_code]),
        {"status": "damaged", "maintainer_name": "清海保洁", "remark": ""},
    )
    removed = keeper.post(reverse("places-component-remove", args=[bin_code]), {"reason": "拆除"})

    assert (changed.status_code, removed.status_code) == (302, 302)
    assert "标识码保留" in keeper.get(reverse("places-component", args=[bin_code])).content.decode()


def test_clerk_sees_no_forms_and_is_refused(clerk, bin_code):
    page = clerk.get(reverse("places-component", args=[bin_code])).content.decode()

    assert "移除部件" not in page
    assert clerk.get(reverse("places-import")).status_code == 403
    assert clerk.get(reverse("places-component-new")).status_code == 403
    answer = clerk.post(reverse("places-component-remove", args=[bin_code]), {"reason": "x"})
    assert answer.status_code == 403
    assert Component.objects.get().status == "intact"


def test_registering_on_the_page(keeper, bin_code):
    lon, lat = middle(1, 0)
    form = {
        "type_code": "01037",
        "lon": lon,
        "lat": lat,
        "authority_code": "D02",
        "authority_name": "市政园林管理中心",
    }

    good = keeper.post(reverse("places-component-new"), form)
    outside = keeper.post(reverse("places-component-new"), {**form, "lon": 121.99})

    assert good.headers["Location"] == reverse("places-component", args=["33022501037000001"])
    assert outside.status_code == 422
    assert "不在本县任何单元网格内" in outside.content.decode()


def upload(client: Client, content: str, *, deed: str, kind: str = "cell", crs: str = "wgs84"):
    file = SimpleUploadedFile("cells.geojson", content.encode())
    form = {"kind": kind, "crs": crs, "file": file, "deed": deed}
    return client.post(reverse("places-import"), form)


def test_import_page_previews_then_writes(keeper, bin_code):
    content = collection([*paper_cells(), feature(square(0, 2), code=f"{COMMUNITY}005")])

    preview = upload(keeper, content, deed="check").content.decode()

    assert "不能导入，没有写入任何数据" in preview
    assert f"有100.0%的面积在{COMMUNITY}之外" in preview
    assert Cell.objects.count() == 4


def test_import_page_writes_when_nothing_stands_against_it(keeper, bin_code):
    content = collection([feature(square(0, 10, size=5), code="330225003", name="爵溪街道")])

    preview = upload(keeper, content, deed="check", kind="division").content.decode()
    written = upload(keeper, content, deed="write", kind="division").content.decode()

    assert "预检通过，可以导入" in preview and "已导入" in written
    page = keeper.get(reverse("places")).content.decode()
    assert "爵溪街道" in page


def test_import_page_tells_a_broken_file(keeper, bin_code):
    page = upload(keeper, "{", deed="write").content.decode()

    assert "不是合法的JSON" in page


def test_import_page_asks_for_the_system(keeper, bin_code):
    page = upload(keeper, collection(paper_cells()[:1]), deed="check", crs="").content.decode()

    assert "文件没有注明坐标系" in page


def test_components_come_by_csv_on_the_page(keeper, bin_code):
    lon, lat = middle(1, 0)
    content = f"type_code,lon,lat,authority_code,authority_name\n01037,{lon},{lat},D02,中心\n"

    page = upload(keeper, content, deed="write", kind="component").content.decode()

    assert "已导入" in page
    assert Component.objects.filter(type_code="01037").count() == 1


def test_map_of_a_cell_is_valid_geojson(clerk, bin_code):
    shapes = json.loads(clerk.get(reverse("places-grid-cells", args=[GRID])).content)

    (cell,) = shapes["features"]
    assert cell["properties"]["code"] == f"{COMMUNITY}003"
    assert cell["geometry"]["type"] == "Polygon"
