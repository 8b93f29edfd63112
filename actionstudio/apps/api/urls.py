"""/api/v1/: one line a resource."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from actionstudio.apps.api import views
from actionstudio.apps.api.resources import (
    addresses,
    auth,
    collections,
    components,
    exchanges,
    gpt,
    lint,
    operations,
    projects,
    reimports,
    replays,
    revisions,
    switches,
    upstreams,
)

app_name = "api"
P = "projects/<slug:slug>"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", views.docs, name="docs"),
    path("projects/", projects.ProjectList.as_view(), name="projects"),
    path("projects/import/", projects.Import.as_view(), name="import"),
    path(f"{P}/", projects.ProjectOne.as_view(), name="project"),
    path(f"{P}/document/", projects.DocumentOne.as_view(), name="document"),
    path(f"{P}/logo/", projects.LogoOne.as_view(), name="logo"),
    path(f"{P}/export/", projects.Export.as_view(), name="export"),
    path(f"{P}/import/", reimports.Reimport.as_view(), name="reimport"),
    path(f"{P}/lint/", lint.Lint.as_view(), name="lint"),
    path(f"{P}/waivers/", lint.WaiverList.as_view(), name="waivers"),
    path(f"{P}/chatgpt-import/", gpt.ChatGptImport.as_view(), name="chatgpt-import"),
    path(f"{P}/repair/", gpt.Repair.as_view(), name="repair"),
    path("check/", gpt.Check.as_view(), name="check"),
    path(f"{P}/operations/", operations.OperationList.as_view(), name="operations"),
    path(f"{P}/operations/<path:name>/switches/", switches.SwitchList.as_view(), name="switches"),
    path(f"{P}/operations/<path:name>/switches/<int:number>/", switches.SwitchOne.as_view(), name="switch"),
    path(f"{P}/operations/<path:name>/", operations.OperationOne.as_view(), name="operation"),
    path(f"{P}/components/", components.ComponentList.as_view(), name="components"),
    path(f"{P}/components/<str:name>/", components.ComponentOne.as_view(), name="component"),
    path(f"{P}/collections/", collections.CollectionList.as_view(), name="collections"),
    path(f"{P}/upstreams/", upstreams.UpstreamList.as_view(), name="upstreams"),
    path(f"{P}/upstreams/<str:name>/", upstreams.UpstreamOne.as_view(), name="upstream"),
    path(f"{P}/upstreams/<str:name>/ask/", upstreams.UpstreamAsk.as_view(), name="upstream-ask"),
    path(f"{P}/secrets/", upstreams.SecretList.as_view(), name="secrets"),
    path(f"{P}/secrets/<str:name>/", upstreams.SecretOne.as_view(), name="secret"),
    path(f"{P}/auth/", auth.AuthOne.as_view(), name="auth"),
    path(f"{P}/auth/keys/", auth.KeyList.as_view(), name="keys"),
    path(f"{P}/auth/keys/<int:number>/", auth.KeyOne.as_view(), name="key"),
    path(f"{P}/addresses/", addresses.AddressList.as_view(), name="addresses"),
    path(f"{P}/addresses/<slug:name>/", addresses.AddressOne.as_view(), name="address"),
    path(f"{P}/revisions/", revisions.RevisionList.as_view(), name="revisions"),
    path(f"{P}/revisions/<int:number>/", revisions.RevisionOne.as_view(), name="revision"),
    path(f"{P}/revisions/<int:number>/restore/", revisions.RevisionRestore.as_view(), name="revision-restore"),
    path(f"{P}/exchanges/", exchanges.ExchangeList.as_view(), name="exchanges"),
    path(f"{P}/exchanges.har", exchanges.ExchangeHar.as_view(), name="exchanges-har"),
    path(f"{P}/exchanges/<str:public_id>/", exchanges.ExchangeOne.as_view(), name="exchange"),
    path(f"{P}/exchanges/<str:public_id>/curl/", exchanges.ExchangeCurl.as_view(), name="exchange-curl"),
    path(f"{P}/replays/", replays.ReplayList.as_view(), name="replays"),
    path(f"{P}/replays/<int:number>/", replays.ReplayOne.as_view(), name="replay"),
    re_path(r"^", views.Nothing.as_view(), name="nothing"),
]
