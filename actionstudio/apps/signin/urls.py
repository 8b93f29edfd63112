"""Pages of the sign-in test and of the client emulator, and the emulator's callback, which is one for all projects."""

from django.urls import include, path

from actionstudio.apps.signin.views import callback, emulator, review

app_name = "signin"
of_a_project = [
    path("oauth/emulator/", emulator.new, name="emulator"),
    path("oauth/emulator/review/", review.review, name="review"),
    path("oauth/emulator/review/results/", review.results, name="review-results"),
    path("oauth/emulator/<slug:key>/", emulator.run, name="emulator-run"),
    path("oauth/emulator/<slug:key>/legs/", emulator.legs, name="emulator-legs"),
]
urlpatterns = [
    path("oauth/emulator/callback", callback.callback, name="emulator-callback"),
    path("projects/<slug:slug>/", include(of_a_project)),
]
