"""Landing, guides, language."""

from django.urls import path
from django.views.i18n import set_language

from actionstudio.apps.web import views

app_name = "web"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("help/", views.help_index, name="help"),
    path("help/<slug:topic>/", views.help_topic, name="help-topic"),
    path("language/", set_language, name="language"),
]
