"""Pages about ChatGPT's side of a project, and about documents that are no project yet."""

from django.urls import include, path

from actionstudio.apps.gpt.views import model

app_name = "gpt"
of_a_project = [
    path("model/", model.model, name="model"),
]
urlpatterns = [
    path("projects/<slug:slug>/", include(of_a_project)),
]
