"""Addresses of the work orders' pages."""

from django.urls import path

from chengzhi.workorders.web import (
    deeds,
    desk,
    listing,
    maps,
    record,
    reporting,
    routing,
    whistle_deeds,
    whistles,
)

urlpatterns = [
    path("desk/", desk.duty_desk, name="workorder-desk"),
    path("work-orders/", listing.work_orders, name="workorder-list"),
    path("work-orders/new/", reporting.new_report, name="workorder-new"),
    path("work-orders/nearby/", reporting.nearby, name="workorder-nearby"),
    path("work-orders/map/", maps.open_map, name="workorder-map"),
    path("work-orders/map/points.json", maps.map_points, name="workorder-points"),
    path("work-orders/views/", listing.save_view, name="workorder-save-view"),
    path("work-orders/views/<int:pk>/drop/", listing.drop_view, name="workorder-drop-view"),
    path("work-orders/routing/", routing.rules, name="workorder-routing"),
    path("work-orders/routing/new/", routing.add, name="workorder-routing-add"),
    path("work-orders/routing/<int:pk>/end/", routing.end, name="workorder-routing-end"),
    path("work-orders/<int:pk>/", record.work_order, name="workorder-detail"),
    path("work-orders/<int:pk>/reporter/", deeds.show_reporter, name="workorder-reporter"),
    path("work-orders/<int:pk>/<slug:name>/", deeds.deed, name="workorder-deed"),
    path("whistles/", whistles.whistle_list, name="whistle-list"),
    path("whistles/tasks/", whistles.tasks, name="whistle-tasks"),
    path("whistles/rates/", whistles.rates, name="whistle-rates"),
    path("whistles/new/", whistles.new_whistle, name="whistle-new"),
    path("whistles/<int:pk>/", whistles.whistle_detail, name="whistle-detail"),
    path("whistles/<int:pk>/edit/", whistles.edit_whistle, name="whistle-edit"),
    path("whistles/<int:pk>/<slug:name>/", whistle_deeds.whistle_deed, name="whistle-deed"),
]
