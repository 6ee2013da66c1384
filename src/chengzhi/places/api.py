"""The typed API of places: where a point lies, divisions, patrol grids, components."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from chengzhi.accounts.types import Actor
from chengzhi.places import commands, interface
from chengzhi.places.queries import components as register
from chengzhi.places.queries import divisions, pages
from chengzhi.places.rules import convert
from chengzhi.places.types import (
    ComponentChange,
    ComponentForm,
    ComponentStatus,
    DataSource,
    Datum,
    Level,
    Point,
)

router = Router(tags=["places"])


class LocatedOut(Schema):
    """What a point lies in; codes, empty where there is none."""

    lon: float
    lat: float
    cell: str
    grid: str
    town: str
    community: str
    squad: str
    road: str
    town_name: str
    community_name: str
    road_name: str


class DivisionOut(Schema):
    """A division."""

    code: str
    name: str
    level: Level
    squad: str


class GridOut(Schema):
    """A patrol grid."""

    code: str
    name: str
    town: str
    squad: str
    cell_count: int


class ComponentOut(Schema):
    """A component with the attributes of GB/T 47678.5 table 2."""

    code: str
    name: str
    type_code: str
    type_name: str
    status: ComponentStatus
    authority_code: str
    authority_name: str
    owner_code: str
    owner_name: str
    maintainer_code: str
    maintainer_name: str
    cell_code: str
    town_code: str
    community_code: str
    lon: float
    lat: float
    initial_on: date
    changed_on: date | None
    source: DataSource
    remark: str


class ComponentBrief(Schema):
    """A component in a list."""

    code: str
    name: str
    type_name: str
    status: ComponentStatus
    cell_code: str
    lon: float
    lat: float


class ComponentsOut(Schema):
    """One page of components; `next` is the key to pass as `after`, empty on the last page."""

    total: int
    next: str
    items: list[ComponentBrief]


class ComponentIn(Schema):
    """A component to register; code, cell, town and community follow from type and place."""

    type_code: str = Field(max_length=5)
    lon: float = Field(ge=73, le=136, description="WGS-84")
    lat: float = Field(ge=3, le=54, description="WGS-84")
    authority_code: str = Field(max_length=18)
    authority_name: str = Field(max_length=100)
    name: str = Field(default="", max_length=30)
    owner_code: str = Field(default="", max_length=18)
    owner_name: str = Field(default="", max_length=100)
    maintainer_code: str = Field(default="", max_length=18)
    maintainer_name: str = Field(default="", max_length=100)
    status: ComponentStatus = ComponentStatus.INTACT
    source: DataSource = DataSource.SURVEY
    initial_on: date | None = None
    remark: str = Field(default="", max_length=1000)


class ChangeIn(Schema):
    """What changes of a component; what is left out stays."""

    name: str | None = None
    lon: float | None = None
    lat: float | None = None
    status: ComponentStatus | None = None
    authority_code: str | None = None
    authority_name: str | None = None
    owner_code: str | None = None
    owner_name: str | None = None
    maintainer_code: str | None = None
    maintainer_name: str | None = None
    source: DataSource | None = None
    remark: str | None = None


class RemovalIn(Schema):
    """Why a component is gone."""

    reason: str = Field(max_length=200)


class ComponentQuery(Schema):
    """What a list of components is narrowed to."""

    text: str = ""
    type_code: str = ""
    status: str = ""
    town: str = ""
    cell: str = ""
    after: str = ""


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


@router.get("/locate", response={200: LocatedOut})
def locate(
    request: HttpRequest,
    lon: Annotated[float, Query(ge=73, le=136)],
    lat: Annotated[float, Query(ge=3, le=54)],
    crs: Datum = Datum.WGS84,
) -> dict[str, Any]:
    """Return what a point lies in, within the caller's county."""
    east, north = (float(value) for value in convert(lon, lat, source=crs, target=Datum.WGS84))
    found = interface.locate(Point(lon=east, lat=north), now=timezone.now())
    if not found.town.startswith(_actor(request).county or "-"):
        found = type(found)()
    names = divisions.division_names({found.town, found.community})
    return {
        "lon": round(east, 7),
        "lat": round(north, 7),
        "cell": found.cell,
        "grid": found.grid,
        "town": found.town,
        "community": found.community,
        "squad": found.squad,
        "road": found.road,
        "town_name": names.get(found.town, ""),
        "community_name": names.get(found.community, ""),
        "road_name": divisions.road_names({found.road}).get(found.road, ""),
    }


@router.get("/divisions", response={200: list[DivisionOut]})
def list_divisions(request: HttpRequest, level: Level | None = None) -> list[Any]:
    """Return the divisions of the caller's county."""
    return list(interface.divisions(_actor(request).county or "-", level=level))


@router.get("/grids", response={200: list[GridOut]})
def list_grids(request: HttpRequest) -> list[Any]:
    """Return the patrol grids of the caller's county."""
    return list(interface.grid_refs(_actor(request).county or "-"))


@router.get("/components", response={200: ComponentsOut})
def list_components(request: HttpRequest, asked: Query[ComponentQuery]) -> dict[str, Any]:
    """Return one page of components, in order of code."""
    wanted = register.ComponentFilter(**asked.dict(exclude={"after"}))
    page = pages.component_rows(_actor(request), wanted, after=asked.after)
    return {"total": page.total, "next": page.next, "items": page.rows}


@router.get("/components/{code}", response={200: ComponentOut})
def get_component(request: HttpRequest, code: str) -> Any:
    """Return one component."""
    return pages.component_detail(_actor(request), code)


@router.post("/components", response={201: ComponentOut})
def register_component(request: HttpRequest, body: ComponentIn) -> Any:
    """Register a component."""
    actor = _actor(request)
    given = body.dict(exclude={"lon", "lat"})
    form = ComponentForm(point=Point(lon=body.lon, lat=body.lat), **given)
    code = commands.register_component(form, actor=actor, now=timezone.now())
    return Status(201, pages.component_detail(actor, code))


@router.patch("/components/{code}", response={200: ComponentOut})
def change_component(request: HttpRequest, code: str, body: ChangeIn) -> Any:
    """Change attributes of a component; a new place needs both `lon` and `lat`."""
    actor = _actor(request)
    given = body.dict(exclude={"lon", "lat"}, exclude_unset=True)
    moved = body.lon is not None and body.lat is not None
    point = Point(lon=body.lon or 0.0, lat=body.lat or 0.0) if moved else None
    commands.change_component(
        code, ComponentChange(point=point, **given), actor=actor, now=timezone.now()
    )
    return pages.component_detail(actor, code)


@router.post("/components/{code}/remove", response={200: ComponentOut})
def remove_component(request: HttpRequest, code: str, body: RemovalIn) -> Any:
    """Mark a component as removed; its code stays taken."""
    actor = _actor(request)
    commands.remove_component(code, reason=body.reason, actor=actor, now=timezone.now())
    return pages.component_detail(actor, code)
