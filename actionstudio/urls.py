"""One include per app."""

from django.urls import include, path

urlpatterns = [
    path("", include("actionstudio.apps.web.urls")),
    path("", include("actionstudio.apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("actionstudio.apps.api.urls")),
    path("projects/", include("actionstudio.apps.projects.urls")),
    path("projects/", include("actionstudio.apps.library.urls")),
    path("projects/<slug:slug>/", include("actionstudio.apps.design.urls")),
    path("projects/", include("actionstudio.apps.release.urls")),
    path("projects/", include("actionstudio.apps.traffic.urls")),
    path("projects/", include("actionstudio.apps.mocking.urls")),
    path("projects/<slug:slug>/", include("actionstudio.apps.oauth.urls")),
    path("", include("actionstudio.apps.signin.urls")),
    path("", include("actionstudio.apps.gpt.urls")),
    path("projects/", include("actionstudio.apps.replay.urls")),
    path("", include("actionstudio.apps.simulator.urls")),
    path("account/models/", include("actionstudio.apps.simulator.endpoints.urls")),
]
handler400 = "actionstudio.apps.web.errors.bad_request"
handler403 = "actionstudio.apps.web.errors.forbidden"
handler404 = "actionstudio.apps.web.errors.not_found"
handler429 = "actionstudio.apps.accounts.throttle.too_many"
handler500 = "actionstudio.apps.web.errors.server_error"
