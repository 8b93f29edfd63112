"""Trying endpoints."""

from django.urls import path

from actionstudio.apps.mocking.views import trying

app_name = "mocking"
urlpatterns = [
    path("<slug:slug>/endpoints/<str:ref>/try/", trying.try_it, name="try"),
]
