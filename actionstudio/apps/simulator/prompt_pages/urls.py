"""The addresses of the pages of prompt suites, below ``projects/<slug>/prompts/``."""

from django.urls import path

from actionstudio.apps.simulator.prompt_pages import adding, cases, cells, comparing, files, runs, views

urlpatterns = [
    path("prompts/", views.suites, name="prompts"),
    path("prompts/new/", views.new, name="prompt-new"),
    path("prompts/add/", adding.add, name="prompt-add"),
    path("prompts/<slug:suite>/", views.suite, name="prompt-suite"),
    path("prompts/<slug:suite>/edit/", views.edit, name="prompt-edit"),
    path("prompts/<slug:suite>/delete/", views.delete, name="prompt-delete"),
    path("prompts/<slug:suite>/run/", views.run, name="prompt-start"),
    path("prompts/<slug:suite>/rename/", views.rename, name="prompt-rename"),
    path("prompts/<slug:suite>/order/", views.order, name="prompt-order"),
    path("prompts/<slug:suite>/starters/", files.starters, name="prompt-starters"),
    path("prompts/<slug:suite>/import/", files.take, name="prompt-import"),
    path("prompts/<slug:suite>/export/<str:form>/", files.export, name="prompt-export"),
    path("prompts/<slug:suite>/compare/", comparing.compare, name="prompt-compare"),
    path("prompts/<slug:suite>/cases/new/", cases.new, name="prompt-case-new"),
    path("prompts/<slug:suite>/cases/<int:pk>/", cases.edit, name="prompt-case"),
    path("prompts/<slug:suite>/cases/<int:pk>/copy/", cases.copy, name="prompt-case-copy"),
    path("prompts/<slug:suite>/cases/<int:pk>/delete/", cases.delete, name="prompt-case-delete"),
    path("prompts/<slug:suite>/runs/<int:pk>/", runs.run, name="prompt-run"),
    path("prompts/<slug:suite>/runs/<int:pk>/cancel/", runs.cancel, name="prompt-cancel"),
    path("prompts/<slug:suite>/runs/<int:pk>/again/", runs.again, name="prompt-again"),
    path("prompts/<slug:suite>/runs/<int:pk>/junit.xml", runs.xml, name="prompt-xml"),
    path("prompts/<slug:suite>/runs/<int:pk>/outcomes/<int:number>/", runs.outcome, name="prompt-outcome"),
    path("prompts/<slug:suite>/runs/<int:pk>/cell/", cells.cell, name="prompt-cell"),
]
