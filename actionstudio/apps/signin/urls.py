"""Pages of the sign-in test and of the client emulator, and the emulator's callback, which is one for all projects."""

from django.urls import include, path

from actionstudio.apps.signin.views import callback, emulator, handshake, review

app_name = "signin"
of_a_project = [
    path("oauth/handshake/", handshake.handshake, name="handshake"),
    path("oauth/handshake/failures/", handshake.fail, name="handshake-fail"),
    path("oauth/handshake/of/<str:public_id>/", handshake.told, name="handshake-told"),
    path("oauth/handshake/<slug:key>/", handshake.run, name="handshake-run"),
    path("oauth/handshake/<slug:key>/repair/", handshake.repair, name="handshake-repair"),
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
