"""Pages about ChatGPT's side of a project; all lie under /projects/<slug>/."""

from django.urls import URLPattern

app_name = "gpt"
urlpatterns: list[URLPattern] = []
