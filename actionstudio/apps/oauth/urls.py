"""The builder's pages of a project's sign-in: the people who have accounts."""

from django.urls import path

from actionstudio.apps.oauth.views import people, person

app_name = "oauth"
urlpatterns = [
    path("users/", people.users, name="users"),
    path("users/new/", people.new, name="user-new"),
    path("users/<uuid:sub>/", person.user, name="user"),
]
