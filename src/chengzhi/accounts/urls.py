"""Addresses of accounts."""

from django.urls import URLPattern, path

from chengzhi.accounts import web

urlpatterns: list[URLPattern] = [
    path("login/", web.sign_in, name="login"),
    path("logout/", web.sign_out, name="logout"),
    path("account/", web.account, name="account"),
    path("account/password/", web.password, name="password_change"),
    path("people/", web.people, name="people"),
    path("people/new/", web.create_person, name="person-create"),
    path("people/<int:person_id>/", web.person, name="person"),
    path("people/<int:person_id>/posts/", web.give_post, name="person-post"),
    path("people/<int:person_id>/posts/<str:role>/end", web.end_post, name="person-post-end"),
    path("people/<int:person_id>/deactivate", web.deactivate, name="person-deactivate"),
    path("people/<int:person_id>/password", web.reset_password, name="person-password"),
    path("units/", web.units, name="units"),
    path("units/new/", web.create_unit, name="unit-create"),
    path("units/<str:code>/close", web.close_unit, name="unit-close"),
    path("tokens/", web.tokens, name="tokens"),
    path("tokens/new/", web.issue_token, name="token-issue"),
    path("tokens/<int:token_id>/revoke", web.revoke_token, name="token-revoke"),
]
