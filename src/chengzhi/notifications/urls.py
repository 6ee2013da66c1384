"""Addresses of messages."""

from django.urls import URLPattern, path

from chengzhi.notifications import web

urlpatterns: list[URLPattern] = [
    path("notifications/", web.inbox, name="notifications"),
    path("notifications/read", web.read_all, name="notifications-read-all"),
    path("notifications/<int:message_id>/open", web.open_message, name="notification-open"),
    path("notifications/preferences/", web.preferences, name="notification-preferences"),
    path("notifications/templates/", web.templates, name="notification-templates"),
    path("notifications/templates/<slug:key>/", web.template, name="notification-template"),
    path(
        "notifications/templates/<slug:key>/restore",
        web.restore,
        name="notification-template-restore",
    ),
    path("notifications/deliveries/", web.deliveries, name="notification-deliveries"),
    path("notifications/deliveries/<int:delivery_id>/resend", web.resend, name="delivery-resend"),
    path(
        "notifications/deliveries/<int:delivery_id>/dismiss", web.dismiss, name="delivery-dismiss"
    ),
    path("notifications/webhooks/", web.webhooks, name="webhooks"),
    path("notifications/webhooks/<int:webhook_id>/", web.webhook, name="webhook"),
    path("notifications/webhooks/<int:webhook_id>/end", web.end_webhook, name="webhook-end"),
    path(
        "notifications/webhooks/<int:webhook_id>/secret", web.change_secret, name="webhook-secret"
    ),
]
