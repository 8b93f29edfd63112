"""New projects, imports, and each project's overview, settings and files."""

from django.urls import path

from actionstudio.apps.library import reimport_views, settings_views, tool_views, verdicts, views

app_name = "library"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("import/<uuid:job_id>/", views.import_, name="import"),
    path("import/<uuid:job_id>/cancel/", views.import_cancel, name="import-cancel"),
    path("status/checks/", verdicts.checks, name="checks"),
    path("<slug:slug>/", views.project_overview, name="overview"),
    path("<slug:slug>/steps/", views.steps_leave, name="steps-leave"),
    path("<slug:slug>/export/", views.export, name="export"),
    path("<slug:slug>/export/tools/", tool_views.tool_list, name="tools"),
    path("<slug:slug>/import/", reimport_views.reimport, name="reimport"),
    path("<slug:slug>/import/<uuid:job_id>/", reimport_views.reimport_plan, name="reimport-plan"),
    path("<slug:slug>/import/<uuid:job_id>/cancel/", reimport_views.reimport_cancel, name="reimport-cancel"),
    path("<slug:slug>/settings/", settings_views.settings, name="settings"),
    path("<slug:slug>/settings/<slug:section>/", settings_views.settings, name="settings"),
]
