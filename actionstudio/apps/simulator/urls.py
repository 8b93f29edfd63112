"""The simulator's pages, and the callback of sign-ins in chats, which is one for all projects."""

from django.urls import include, path

from actionstudio.apps.simulator.pages import urls as pages
from actionstudio.apps.simulator.prompt_pages import urls as prompts
from actionstudio.apps.simulator.views import calls, files, gpts, plugins, scripts, signing

app_name = "simulator"
of_a_project = [
    path("simulator/scripts/", scripts.scripts, name="scripts"),
    path("simulator/scripts/<int:pk>/", scripts.script, name="script"),
    path("simulator/scripts/<int:pk>/earlier/", scripts.earlier, name="script-earlier"),
    path("simulator/scripts/<int:pk>/delete/", scripts.delete, name="script-delete"),
    path("simulator/calls/", calls.calls, name="calls"),
    path("simulator/files/<str:file_key>/", files.file, name="file"),
    path("simulator/gpt/", gpts.listing, name="gpt"),
    path("simulator/gpt/<str:key>/", gpts.edit, name="gpt-edit"),
    path("simulator/gpt/<str:key>/ask-again/", gpts.ask_again, name="gpt-ask-again"),
    path("simulator/gpt/<str:key>/delete/", gpts.delete, name="gpt-delete"),
    path("simulator/gpt/<str:key>/actions/new/", gpts.action_new, name="action-new"),
    path("simulator/actions/<str:key>/", gpts.action, name="action"),
    path("simulator/actions/<str:key>/import/", gpts.take, name="action-take"),
    path("simulator/actions/<str:key>/remove/", gpts.remove, name="action-remove"),
    path("simulator/actions/<str:key>/sign-in/", signing.begin, name="sign-in"),
    path("simulator/actions/<str:key>/sign-out/", signing.forget, name="sign-out"),
    path("simulator/plugin/", plugins.listing, name="plugins"),
    path("simulator/plugin/<str:key>/", plugins.plugin, name="plugin"),
    path("simulator/plugin/<str:key>/sign-in/", plugins.sign_in, name="plugin-sign-in"),
    *pages.urlpatterns,
    *prompts.urlpatterns,
]
urlpatterns = [
    path("simulator/files/<str:token>/<path:name>", files.link, name="file-link"),
    path("simulator/callback/", signing.callback, name="callback"),
    path("projects/<slug:slug>/", include(of_a_project)),
]
