"""The list of projects; what belongs to one project stands in later apps."""

from django.urls import path

from actionstudio.apps.projects import views

app_name = "projects"
urlpatterns = [
    path("", views.projects, name="list"),
    path("<slug:slug>/logo/<slug:digest>.png", views.logo, name="logo"),
]
