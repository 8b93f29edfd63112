"""Pages about ChatGPT's side of a project, and about documents that are no project yet."""

from django.urls import include, path

from actionstudio.apps.gpt.views import check, choose, connect, importing, model, repair

app_name = "gpt"
of_a_project = [
    path("connect/", connect.connect, name="connect"),
    path("connect/document/", connect.document, name="document"),
    path("connect/light/", connect.light, name="light"),
    path("connect/probe/", connect.probe, name="probe"),
    path("model/", model.model, name="model"),
    path("gpt/import/", importing.import_, name="import"),
    path("gpt/brief/", importing.brief, name="brief"),
    path("gpt/repair/", repair.repair, name="repair"),
    path("gpt/choose/", choose.choose, name="choose"),
]
urlpatterns = [
    path("check/", check.check_any, name="check-any"),
    path("projects/<slug:slug>/", include(of_a_project)),
]
