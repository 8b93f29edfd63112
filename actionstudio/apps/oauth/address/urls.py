"""The paths of an address that belong to its provider (runtime/signing.py says which there can be)."""

from actionstudio.apps.oauth.address import errors

app_name = "address"
urlpatterns = []
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
