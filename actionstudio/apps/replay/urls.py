"""Replays: made from a logged call, listed, judged."""

from django.urls import path

from actionstudio.apps.replay import views

app_name = "replay"
urlpatterns = [
    path("<slug:slug>/replays/", views.replays, name="list"),
    path("<slug:slug>/replays/<int:pk>/", views.result, name="result"),
    path("<slug:slug>/replays/<int:pk>/again/", views.again, name="again"),
    path("<slug:slug>/replays/<int:pk>/ignore/", views.ignore, name="ignore"),
    path("<slug:slug>/log/<str:public_id>/resend/", views.edit, name="edit"),
    path("<slug:slug>/log/<str:public_id>/replay/", views.send, name="send"),
    path("<slug:slug>/log/<str:public_id>/replays/", views.of, name="of"),
]
