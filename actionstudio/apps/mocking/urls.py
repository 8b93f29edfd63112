"""Trying endpoints; collections and their rows; upstreams."""

from django.urls import path

from actionstudio.apps.mocking.views import collection, collections, rehearsal, trying, upstreams

app_name = "mocking"
urlpatterns = [
    path("<slug:slug>/upstreams/", upstreams.upstreams, name="upstreams"),
    path("<slug:slug>/upstreams/new/", upstreams.new, name="upstream-new"),
    path("<slug:slug>/upstreams/<str:name>/", upstreams.upstream, name="upstream"),
    path("<slug:slug>/endpoints/<str:ref>/mock/check/", rehearsal.rehearsal, name="rehearsal"),
    path("<slug:slug>/endpoints/<str:ref>/try/", trying.try_it, name="try"),
    path("<slug:slug>/collections/", collections.collections, name="collections"),
    path("<slug:slug>/collections/<str:name>/", collection.collection, name="collection"),
    path("<slug:slug>/collections/<str:name>/rows", collection.collection_rows, name="collection-rows"),
]
