"""The builder's pages of a project's sign-in: its provider, its clients, the people who have accounts."""

from django.urls import path

from actionstudio.apps.oauth.views import clients, people, person, provider, waiting

app_name = "oauth"
urlpatterns = [
    path("oauth/", provider.provider, name="provider"),
    path("oauth/clients/", clients.listing, name="clients"),
    path("oauth/clients/new/", clients.new, name="client-new"),
    path("oauth/clients/<str:client_id>/", clients.client, name="client"),
    path("oauth/clients/<str:client_id>/callbacks/<int:pk>/", waiting.decide, name="callback"),
    path("oauth/values/", clients.values, name="values"),
    path("oauth/waiting/", waiting.waiting, name="waiting"),
    path("users/", people.users, name="users"),
    path("users/new/", people.new, name="user-new"),
    path("users/import/", people.import_users, name="users-import"),
    path("users/<uuid:sub>/", person.user, name="user"),
    path("users/<uuid:sub>/data.zip", person.data, name="user-data"),
]
