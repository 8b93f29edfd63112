"""The pages of models, below the account."""

from django.urls import path

from actionstudio.apps.simulator.endpoints import views

app_name = "models"
urlpatterns = [
    path("", views.endpoints, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.endpoint, name="one"),
]
