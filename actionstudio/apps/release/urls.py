"""Authentication, versions and addresses of a project."""

from django.urls import path

from actionstudio.apps.release import auth_views, views

app_name = "release"
urlpatterns = [
    path("<slug:slug>/auth/", auth_views.auth, name="auth"),
    path("<slug:slug>/addresses/", views.addresses, name="addresses"),
    path("<slug:slug>/addresses/<int:pk>/", views.address, name="address"),
    path("<slug:slug>/spec/versions/", views.versions, name="versions"),
    path("<slug:slug>/spec/versions/compare/", views.compare_chosen, name="compare-chosen"),
    path("<slug:slug>/spec/versions/<int:a>..<int:b>/", views.compare, name="compare"),
    path("<slug:slug>/spec/versions/<int:number>/restore/", views.restore, name="restore"),
]
