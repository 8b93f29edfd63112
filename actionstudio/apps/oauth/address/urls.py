"""The paths of an address that belong to its provider (runtime/signing.py says which there can be)."""

from django.urls import path

from actionstudio.apps.oauth.address import assets, errors

app_name = "address"
urlpatterns = [
    path("oauth/static/<path:name>", assets.static, name="static"),
    path("oauth/theme.css", assets.theme, name="theme"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
