"""The paths of an address that belong to its provider (runtime/signing.py says which there can be)."""

from django.urls import path

from actionstudio.apps.oauth.address import (
    assets,
    authorize,
    connected,
    errors,
    introspect,
    jwks,
    login,
    metadata,
    register,
    revoke,
    token,
    userinfo,
)

app_name = "address"
urlpatterns = [
    path(".well-known/oauth-authorization-server", metadata.server, name="server-metadata"),
    path(".well-known/openid-configuration", metadata.server, name="openid-configuration"),
    path(".well-known/oauth-protected-resource", metadata.resource, name="resource-metadata"),
    path(".well-known/oauth-protected-resource/<path:path>", metadata.resource, name="resource-metadata-of"),
    path("oauth/authorize", authorize.authorize, name="authorize"),
    path("oauth/token", token.token, name="token"),
    path("oauth/revoke", revoke.revoke, name="revoke"),
    path("oauth/introspect", introspect.introspect, name="introspect"),
    path("oauth/userinfo", userinfo.userinfo, name="userinfo"),
    path("oauth/register", register.register, name="register"),
    path("oauth/register/<slug:client_id>", register.registration, name="registration"),
    path("oauth/jwks", jwks.jwks, name="jwks"),
    path("oauth/login", login.login, name="login"),
    path("oauth/signup", login.signup, name="signup"),
    path("oauth/logout", login.logout, name="logout"),
    path("oauth/static/<path:name>", assets.static, name="static"),
    path("oauth/theme.css", assets.theme, name="theme"),
    path("connected", connected.connected, name="connected"),
    path("connected/", connected.moved, name="connected-moved"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
