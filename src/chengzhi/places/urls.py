"""Addresses of places."""

from django.urls import URLPattern, path

from chengzhi.places import web

urlpatterns: list[URLPattern] = [
    path("places/", web.divisions, name="places"),
    path("places/towns/<str:code>", web.town, name="places-town"),
    path("places/grids/", web.grids, name="places-grid-list"),
    path("places/grids/<str:code>", web.grid, name="places-grid"),
    path("places/roads/", web.roads, name="places-road-list"),
    path("places/components/", web.components, name="places-component-list"),
    path("places/components/new", web.register_component, name="places-component-new"),
    path("places/components/<str:code>", web.component, name="places-component"),
    path(
        "places/components/<str:code>/change", web.change_component, name="places-component-change"
    ),
    path(
        "places/components/<str:code>/remove", web.remove_component, name="places-component-remove"
    ),
    path("places/import", web.import_places, name="places-import"),
    path("places/maps/towns.geojson", web.map_towns, name="places-towns"),
    path("places/maps/roads.geojson", web.map_roads, name="places-roads"),
    path("places/maps/grids.geojson", web.map_grids, name="places-grids"),
    path("places/maps/grids/<str:code>.geojson", web.grid_cells, name="places-grid-cells"),
]
