"""The log's pages and the parts of it that other pages show."""

from django.urls import path

from actionstudio.apps.traffic import adopting_views, demo, parts, views

app_name = "traffic"
urlpatterns = [
    path("new/demo/", demo.demo, name="demo"),
    path("status/calls/", parts.briefs, name="briefs"),
    path("<slug:slug>/log/", views.log, name="log"),
    path("<slug:slug>/log/tail", parts.tail, name="tail"),
    path("<slug:slug>/log/latest", parts.latest, name="latest"),
    path("<slug:slug>/log/steps", parts.steps, name="steps"),
    path("<slug:slug>/log/stats", parts.stats, name="stats"),
    path("<slug:slug>/log/export.har", parts.export, name="export"),
    path("<slug:slug>/log/<str:public_id>/", views.exchange, name="exchange"),
    path("<slug:slug>/log/<str:public_id>/adopt/", adopting_views.adopt, name="adopt"),
    path("<slug:slug>/log/<str:public_id>/endpoint/", adopting_views.new_endpoint, name="new-endpoint"),
    path("<slug:slug>/log/<str:public_id>/call.har", parts.exchange_har, name="exchange-har"),
    path("<slug:slug>/log/<str:public_id>/body/<str:side>", parts.download, name="body"),
    path("<slug:slug>/log/<str:public_id>/tree/<str:side>", parts.tree, name="tree"),
]
