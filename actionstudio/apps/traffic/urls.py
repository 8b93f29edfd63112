"""The log's pages and the parts of it that other pages show."""

from django.urls import path

from actionstudio.apps.traffic import adopting_views, demo, parts, silence_views, views
from actionstudio.apps.traffic.conversations import views as talks
from actionstudio.apps.traffic.keeping import views as keeping
from actionstudio.apps.traffic.saved import views as saved

app_name = "traffic"
urlpatterns = [
    path("new/demo/", demo.demo, name="demo"),
    path("status/calls/", parts.briefs, name="briefs"),
    path("<slug:slug>/log/", views.log, name="log"),
    path("<slug:slug>/log/tail", parts.tail, name="tail"),
    path("<slug:slug>/log/complete", views.complete, name="complete"),
    path("<slug:slug>/log/counts", parts.counts, name="counts"),
    path("<slug:slug>/log/latest", parts.latest, name="latest"),
    path("<slug:slug>/log/steps", parts.steps, name="steps"),
    path("<slug:slug>/log/stats", parts.stats, name="stats"),
    path("<slug:slug>/log/export.har", parts.export, name="export"),
    path("<slug:slug>/log/export.<slug:form>", parts.export, name="export-as"),
    path("<slug:slug>/data/", keeping.data, name="data"),
    path("<slug:slug>/data/delete/", keeping.delete, name="data-delete"),
    path("<slug:slug>/data/user.zip", keeping.user, name="data-user"),
    path("<slug:slug>/data/jobs/<uuid:job_id>/cancel/", keeping.cancel, name="data-cancel"),
    path("<slug:slug>/log/views/", saved.views, name="views"),
    path("<slug:slug>/log/views/<int:pk>/", saved.view, name="view"),
    path("<slug:slug>/log/views/<int:pk>/delete/", saved.delete, name="view-delete"),
    path("<slug:slug>/log/silence/", silence_views.silence, name="silence"),
    path("<slug:slug>/conversations/", talks.conversations, name="conversations"),
    path("<slug:slug>/conversations/<str:talk>/", talks.conversation, name="conversation"),
    path("<slug:slug>/conversations/<str:talk>/diagnoses/", talks.diagnosed, name="conversation-diagnosed"),
    path("<slug:slug>/conversations/<str:talk>/text/", talks.debug_text, name="debug-text"),
    path("<slug:slug>/log/<str:public_id>/conversation/", talks.link, name="conversation-of"),
    path("<slug:slug>/log/<str:public_id>/", views.exchange, name="exchange"),
    path("<slug:slug>/log/<str:public_id>/adopt/", adopting_views.adopt, name="adopt"),
    path("<slug:slug>/log/<str:public_id>/endpoint/", adopting_views.new_endpoint, name="new-endpoint"),
    path("<slug:slug>/log/<str:public_id>/call.har", parts.exchange_har, name="exchange-har"),
    path("<slug:slug>/log/<str:public_id>/call.<slug:form>", parts.exchange_export, name="exchange-as"),
    path("<slug:slug>/log/<str:public_id>/body/<str:side>", parts.download, name="body"),
    path("<slug:slug>/log/<str:public_id>/tree/<str:side>", parts.tree, name="tree"),
]
