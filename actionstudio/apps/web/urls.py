"""Landing, guides, the rules of the checks, language."""

from django.urls import path
from django.views.i18n import set_language

from actionstudio.apps.web import rules, views

app_name = "web"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("help/", views.help_index, name="help"),
    path("help/rules/", rules.help_rules, name="help-rules"),
    path("help/rules/<slug:code>/", rules.help_rule, name="help-rule"),
    path("help/<slug:topic>/", views.help_topic, name="help-topic"),
    path("language/", set_language, name="language"),
]
