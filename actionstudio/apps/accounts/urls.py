"""Set-up, profile, API tokens, invitations. Sign-in itself is allauth's, under /accounts/."""

from django.urls import path

from actionstudio.apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("setup/", views.first_account, name="setup"),
    path("account/", views.profile, name="profile"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.token_revoke, name="token-revoke"),
    path("account/invitations/", views.invitation_list, name="invitations"),
    path("account/invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation-revoke"),
    path("invited/<str:token>/", views.invited, name="invited"),
]
