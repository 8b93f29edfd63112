"""Replays: made from a logged call, listed, judged."""

from django.urls import path

from actionstudio.apps.replay import rule_views as rules
from actionstudio.apps.replay import views
from actionstudio.apps.replay.runs import views as runs
from actionstudio.apps.replay.suites import case_views as cases
from actionstudio.apps.replay.suites import run_views as suite_runs
from actionstudio.apps.replay.suites import views as suites

app_name = "replay"
urlpatterns = [
    path("<slug:slug>/replays/", views.replays, name="list"),
    path("<slug:slug>/replays/new/", runs.new, name="new"),
    path("<slug:slug>/replays/runs/<int:pk>/", runs.run, name="run"),
    path("<slug:slug>/replays/runs/<int:pk>/cancel/", runs.cancel, name="run-cancel"),
    path("<slug:slug>/replays/runs/<int:pk>/again/", runs.again, name="run-again"),
    path("<slug:slug>/replays/<int:pk>/", views.result, name="result"),
    path("<slug:slug>/replays/<int:pk>/again/", views.again, name="again"),
    path("<slug:slug>/replays/<int:pk>/ignore/", views.ignore, name="ignore"),
    path("<slug:slug>/log/<str:public_id>/resend/", views.edit, name="edit"),
    path("<slug:slug>/log/<str:public_id>/replay/", views.send, name="send"),
    path("<slug:slug>/log/<str:public_id>/replays/", views.of, name="of"),
    path("<slug:slug>/replays/rules/", rules.rules, name="rules"),
    path("<slug:slug>/replays/rules/<int:pk>/", rules.edit, name="rule"),
    path("<slug:slug>/replays/rules/<int:pk>/delete/", rules.delete, name="rule-delete"),
    path("<slug:slug>/suites/", suites.suites, name="suites"),
    path("<slug:slug>/suites/new/", suites.new, name="suite-new"),
    path("<slug:slug>/suites/add/", suites.add, name="suite-add"),
    path("<slug:slug>/suites/<slug:suite>/", suites.suite, name="suite"),
    path("<slug:slug>/suites/<slug:suite>/edit/", suites.edit, name="suite-edit"),
    path("<slug:slug>/suites/<slug:suite>/delete/", suites.delete, name="suite-delete"),
    path("<slug:slug>/suites/<slug:suite>/run/", suites.run, name="suite-start"),
    path("<slug:slug>/suites/<slug:suite>/order/", suites.order, name="suite-order"),
    path("<slug:slug>/suites/<slug:suite>/cases/new/", cases.new, name="case-new"),
    path("<slug:slug>/suites/<slug:suite>/cases/<int:pk>/", cases.edit, name="case"),
    path("<slug:slug>/suites/<slug:suite>/cases/<int:pk>/copy/", cases.copy, name="case-copy"),
    path("<slug:slug>/suites/<slug:suite>/cases/<int:pk>/delete/", cases.delete, name="case-delete"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/", suite_runs.run, name="suite-run"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/cancel/", suite_runs.cancel, name="suite-run-cancel"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/accept/", suite_runs.accept_all, name="suite-run-accept"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/junit.xml", suite_runs.xml, name="suite-run-xml"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/<int:n>/", suite_runs.outcome, name="suite-outcome"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/<int:n>/accept/", suite_runs.accept, name="suite-accept"),
    path("<slug:slug>/suites/<slug:suite>/runs/<int:pk>/<int:n>/ignore/", suite_runs.ignore, name="suite-ignore"),
]
