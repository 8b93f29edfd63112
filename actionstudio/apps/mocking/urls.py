"""Trying endpoints."""

from django.urls import path

from actionstudio.apps.mocking.views import rehearsal, trying

app_name = "mocking"
urlpatterns = [
    path("<slug:slug>/endpoints/<str:ref>/mock/check/", rehearsal.rehearsal, name="rehearsal"),
    path("<slug:slug>/endpoints/<str:ref>/try/", trying.try_it, name="try"),
]
