"""Pages about ChatGPT's side of a project, and about documents that are no project yet."""

from django.urls import URLPattern, include, path

app_name = "gpt"
of_a_project: list[URLPattern] = []
urlpatterns = [
    path("projects/<slug:slug>/", include(of_a_project)),
]
